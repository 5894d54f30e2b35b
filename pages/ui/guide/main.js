/* Entry of the guided path's pointer. */

import { mounting } from "../shared/mount.js";
import { Pointer } from "./pointer.js";

export default mounting(Pointer);
