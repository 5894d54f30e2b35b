/* Questions about a run's weights, one at a time: the training process answers them between two turns. */

const KEPT = 60;

export class Asker {
  constructor() {
    this.tail = Promise.resolve();
    this.kept = new Map();
  }

  /**
   * The answer, or an Error whose message is one sentence.
   * `fixed` says that the moment cannot change: the same question then has the same answer.
   */
  ask({ url, step, fixed }, question, fields = {}) {
    const body = JSON.stringify({ question, step, ...fields });
    const key = `${url} ${body}`;
    if (fixed && this.kept.has(key)) return this.kept.get(key);
    const answer = this.tail.then(() => post(url, body));
    this.tail = answer.catch(() => {});
    if (fixed) this.#keep(key, answer);
    return answer;
  }

  #keep(key, answer) {
    this.kept.set(key, answer);
    answer.catch(() => this.kept.delete(key));
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }
}

async function post(url, body) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body });
  } catch {
    throw new Error("The server does not answer: is it still there?");
  }
  const found = await answer.json().catch(() => ({ message: `The server answered ${answer.status}.` }));
  if (!answer.ok) throw new Error(found.message);
  return found;
}
