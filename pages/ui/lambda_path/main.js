/* Entry of the λ path. */

import { mounting } from "../shared/mount.js";
import { PathView } from "./view.js";

export default mounting(PathView);
