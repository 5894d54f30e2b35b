/* Entry of the view into a network. */

import { mounting } from "../shared/mount.js";
import { Inside } from "./inside.js";

export default mounting(Inside);
