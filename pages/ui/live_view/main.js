/* Entry of the live view. */

import { mounting } from "../shared/mount.js";
import { View } from "./view.js";

export default mounting(View);
