/* Entry of the table of runs. */

import { mounting } from "../shared/mount.js";
import { RunsTable } from "./table.js";

export default mounting(RunsTable);
