/* Entry of a figure. */

import { mounting } from "../shared/mount.js";
import { Figure } from "./figure.js";

export default mounting(Figure);
