// Asks Python. Every server function answers {ok: …} or {problem: sentence}.

/**
 * @template A, R
 * @typedef {(asked: A) => Promise<R>} ServerFunction `A` is what it takes, `R` what `call` returns
 */

/** Why there is no answer: Python said so in a sentence (`told`), or nobody answered (`lost`). */
export class NoAnswer extends Error {
  /** @param {string} message @param {'told' | 'lost'} why */
  constructor(message, why) {
    super(message);
    this.told = why === 'told';
    this.lost = why === 'lost';
  }
}

/**
 * @template A, R
 * @param {ServerFunction<A, R>} serverFunction
 * @param {A} asked
 * @returns {Promise<R>}
 * @throws {NoAnswer}
 */
export async function call(serverFunction, asked) {
  const answer = /** @type {any} */ (await serverFunction(asked).catch(() => null));
  if (answer && 'problem' in answer) throw new NoAnswer(answer.problem, 'told');
  if (!answer || !('ok' in answer)) throw new NoAnswer('The app did not answer.', 'lost');
  return answer.ok;
}

/**
 * The sentence of an error, for a person.
 * @param {unknown} error
 */
export const sentence = error => (error instanceof Error ? error.message : String(error));
