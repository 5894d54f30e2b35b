/* Entry of the glossary line. */

import { mounting } from "../shared/mount.js";
import { Terms } from "./terms.js";

export default mounting(Terms);
