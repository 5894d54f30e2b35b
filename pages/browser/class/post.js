/* Posting to a class: tried again until it is answered, as every message may be sent twice. */

/** @import { Told } from "./types.d.ts" */

import { Pauses } from "../live/socket/pauses.js";

const TRIES = 6;
const PATIENCE = 6000;

/**
 * The address of something of a class, relative to the page: a proxy may have put the app into a folder.
 * @param {string} code
 * @param {string} [part]
 */
export function address(code, part = "") {
  return `api/class/${encodeURIComponent(code)}${part}`;
}

/** Whether the page is open by a name of this machine, which no other device can reach. */
export const isLocal = () => ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

/**
 * @param {string} url
 * @param {object} [body]
 * @returns {Promise<Told>} `status` is 0 where nobody has answered
 */
export async function post(url, body = {}) {
  const pauses = new Pauses();
  for (let tried = 1;; tried++) {
    const told = await once(url, body);
    if ((told.status > 0 && told.status < 500) || tried === TRIES) return told;
    await new Promise((resolve) => setTimeout(resolve, pauses.next()));
  }
}

/**
 * @param {string} url
 * @param {object} body
 * @returns {Promise<Told>}
 */
async function once(url, body) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch {
    return { ok: false, status: 0, body: {} };
  }
}
