// What is typed, as answers to score, and what was scored, as a file to keep.

/** @typedef {import('../../payloads').AnswerToScore} AnswerToScore */
/** @typedef {import('../../payloads').AnswerScore} AnswerScore */
/** @typedef {Record<string, AnswerScore[]>} Found by model, in the answers' order; fewer while they come */

/** Stands on a line of its own between two answers. */
export const BETWEEN = '---';

/**
 * @param {string} prompt
 * @param {string} text one answer, or several with a line of --- between them
 * @returns {AnswerToScore[]}
 */
export function typedAnswers(prompt, text) {
  const said = text.split(/^[ \t]*-{3,}[ \t]*$/m).map(one => one.replace(/^\n+|\s+$/g, ''));
  const turns = prompt.trim() ? [userTurn(prompt.trim())] : [];
  return said.filter(one => one.trim()).map(one => ({prompt: turns, text: one, right: null, row: null}));
}

/** @param {string} content @returns {import('../../payloads').ScoredTurn} */
const userTurn = content => ({role: 'user', content, tool_calls: null, tools: null});

/** A prompt as text: a single turn as it is, several with who spoke. @param {AnswerToScore} answer */
export function askedBy({prompt = []}) {
  if (prompt.length === 1) return prompt[0].content;
  return prompt.map(({role, content}) => `${role[0].toUpperCase()}${role.slice(1)}: ${content}`).join('\n');
}

/**
 * Pieces of answers to ask for: a small one first, so that something is there soon.
 * @param {number} amount @param {number} most
 * @returns {[number, number][]} from, to
 */
export function pieces(amount, most) {
  /** @type {[number, number][]} */
  const found = [];
  for (let from = 0; from < amount; from = found[found.length - 1][1])
    found.push([from, Math.min(amount, from + (from ? most : Math.min(8, most)))]);
  return found;
}

/** @typedef {'given' | 'high' | 'low'} Order how answers stand below each other */

/**
 * Places of the answers as they are shown, by what the first model gives them; what has no score comes last.
 * @param {number} amount @param {Found} found @param {Order} order
 */
export function ordered(amount, found, order) {
  const places = [...new Array(amount).keys()];
  const scores = Object.values(found)[0] ?? [];
  if (order === 'given') return places;
  const sign = order === 'high' ? -1 : 1;
  const key = (/** @type {number} */ at) => {
    const reward = scores[at]?.reward;
    return reward == null ? Infinity : sign * reward;
  };
  return places.sort((one, other) => (key(one) === key(other) ? 0 : key(one) - key(other)));
}

/** @param {AnswerScore | undefined} score */
const told = score =>
  score && {
    reward: score.reward,
    attributes: score.attributes,
    raw: score.raw,
    place: score.place ?? {},
    ...(Object.keys(score.terms).length ? {terms: score.terms} : {}),
    ...(score.note ? {note: score.note} : {}),
    ...(score.error ? {error: score.error} : {}),
  };

/**
 * A line for each answer and model.
 * @param {AnswerToScore[]} answers @param {Found} found
 */
export const asJsonLines = (answers, found) =>
  rowsOf(answers, found)
    .map(([answer, model, score]) => {
      const row = answer.row == null ? {} : {row: answer.row};
      return JSON.stringify({...row, prompt: askedBy(answer), text: answer.text, model, ...told(score)});
    })
    .map(line => `${line}\n`)
    .join('');

/** @param {AnswerToScore[]} answers @param {Found} found */
export function asCsv(answers, found) {
  const rows = rowsOf(answers, found);
  /** @param {(score: AnswerScore) => Record<string, unknown>} of */
  const names = of => [...new Set(rows.flatMap(([, , score]) => Object.keys(of(score))))];
  const attributes = names(({attributes}) => attributes);
  const terms = names(({terms}) => terms);
  const sides = ['chosen', 'rejected', 'known'];
  const head = [
    ...['row', 'prompt', 'text', 'model', 'reward'],
    ...attributes,
    ...terms,
    ...sides.map(side => `above_${side}`),
    ...['note', 'error'],
  ];
  const lines = rows.map(([answer, model, score]) => [
    ...[answer.row, askedBy(answer), answer.text, model, score.reward],
    ...attributes.map(name => score.attributes[name]),
    ...terms.map(name => score.terms[name]),
    ...sides.map(side => /** @type {Record<string, number | null>} */ ({...score.place})[side]),
    ...[score.note, score.error],
  ]);
  return [head, ...lines].map(line => `${line.map(cell).join(',')}\r\n`).join('');
}

/**
 * @param {AnswerToScore[]} answers @param {Found} found
 * @returns {[AnswerToScore, string, AnswerScore][]}
 */
const rowsOf = (answers, found) =>
  answers.flatMap((answer, at) =>
    Object.entries(found)
      .filter(([, scores]) => scores[at])
      .map(
        ([model, scores]) =>
          /** @type {[AnswerToScore, string, AnswerScore]} */ ([answer, model, scores[at]]),
      ),
  );

/** A text that a spreadsheet would take for a formula gets a mark in front. @param {unknown} value */
function cell(value) {
  if (value == null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
