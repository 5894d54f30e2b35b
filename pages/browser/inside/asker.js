/* Questions about a run's weights, one at a time: the training process answers them between two turns. */

/** @import { Answer, Question } from "./types.d.ts" */

import { named } from "../shared/named.js";

const KEPT = 60;

/** About which moment of which run is asked; `fixed`: the same question then has the same answer; `name`: of who
 * asks, where no cookie says it.
 * @typedef {{ url: string, step: number | null, fixed: boolean, name: string }} About */

/** A question that was not answered. Its message is one sentence; `retry`: it is worth asking again in a moment. */
export class Unanswered extends Error {
  /** @param {string} message @param {boolean} retry */
  constructor(message, retry) {
    super(message);
    this.retry = retry;
  }
}

export class Asker {
  /** The question that is being answered. @type {Promise<unknown>} */
  tail = Promise.resolve();
  /** @type {Map<string, Promise<unknown>>} */
  kept = new Map();

  /**
   * The answer; or Unanswered is thrown.
   * @template {Question} Name
   * @param {About} about
   * @param {Name} question
   * @param {object} [fields]
   * @returns {Promise<Answer<Name>>}
   */
  ask({ url, step, fixed, name }, question, fields = {}) {
    const body = JSON.stringify({ question, step, ...fields });
    const key = `${url} ${body}`;
    const known = fixed && this.kept.get(key);
    const answer = known || this.#post(url, body, name);
    if (fixed && !known) this.#keep(key, answer);
    return /** @type {Promise<Answer<Name>>} */ (answer);
  }

  /** @param {string} url @param {string} body @param {string} name */
  #post(url, body, name) {
    const answer = this.tail.then(() => post(url, body, name));
    this.tail = answer.catch(() => {});
    return answer;
  }

  /** @param {string} key @param {Promise<unknown>} answer */
  #keep(key, answer) {
    this.kept.set(key, answer);
    answer.catch(() => this.kept.delete(key));
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT) this.kept.delete(oldest);
  }
}

/** @param {string} url @param {string} body @param {string} name @returns {Promise<unknown>} */
async function post(url, body, name) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, headers: named(name) });
  } catch {
    throw new Unanswered("The server does not answer: is it still there?", false);
  }
  const none = { message: `The server answered ${answer.status}.`, retry: false };
  const found = await answer.json().catch(() => none);
  if (!answer.ok) throw new Unanswered(found.message, found.retry);
  return found;
}
