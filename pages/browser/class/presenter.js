/* Who has the secret in the link comes in: it is taken out of the address into a cookie that no script reads. */

import { address, post } from "./post.js";
import { say } from "./words.js";

/**
 * The code of the class in the page's address, and why its secret was not taken, "" if it was or there was none.
 * @returns {Promise<{ code: string, refused: string }>}
 */
export async function entered() {
  const [told, secret] = location.hash.slice(1).split(".");
  const code = told || (new URLSearchParams(location.search).get("c") ?? "");
  if (!secret) return { code, refused: "" };
  // From here on the secret is in no address, so in no history and no referrer.
  history.replaceState(null, "", `?c=${encodeURIComponent(code)}`);
  const taken = await post(address(code, "/present"), { secret });
  return { code, refused: taken.ok ? "" : String(taken.body.message ?? say("refused")) };
}
