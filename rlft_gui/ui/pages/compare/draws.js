// Which of a pane's answers is shown: those of one line of seeds, the newest where it was drawn again.

/** @typedef {import('../../payloads').Comparison} Comparison */
/** @typedef {import('../../payloads').Generation} Generation */
/**
 * `line`: which of the first seeds; `picked`: by turn and pane, a draw that was looked for.
 * @typedef {{line: number, picked: Record<string, number>}} Shown
 */

/** @type {Shown} */
export const NEWEST = {line: 0, picked: {}};

/** @param {number} turn @param {number} pane */
export const placeOf = (turn, pane) => `${turn} ${pane}`;

/**
 * A pane's answers to a prompt, by draw.
 * @param {Comparison} comparison
 * @param {number} turn
 * @param {number} pane
 */
export const drawsOf = ({generations}, turn, pane) =>
  generations.filter(one => one.prompt_index === turn && one.pane === pane).sort((a, b) => a.draw - b.draw);

/**
 * The one that is shown.
 * @param {Generation[]} draws
 * @param {Shown} shown
 * @param {number} lines how many seeds were asked at first
 */
export function shownOf(draws, {line, picked}, lines) {
  const [first] = draws;
  const wanted = picked[placeOf(first.prompt_index, first.pane)];
  return (
    draws.find(({draw}) => draw === wanted) ??
    draws.findLast(({draw}) => draw % lines === line) ??
    draws[draws.length - 1]
  );
}

/**
 * What is shown once a step was taken from this answer to the one before or behind it.
 * @param {Shown} shown
 * @param {Generation[]} draws
 * @param {Generation} now
 * @param {1 | -1} by
 * @returns {Shown}
 */
export function stepped(shown, draws, now, by) {
  const next = draws[draws.indexOf(now) + by] ?? now;
  return {...shown, picked: {...shown.picked, [placeOf(now.prompt_index, now.pane)]: next.draw}};
}
