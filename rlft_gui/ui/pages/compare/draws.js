// Which of a pane's answers is shown: that of the seed that was chosen for all, or one that was looked for.

/** @typedef {import('../../payloads').Comparison} Comparison */
/** @typedef {import('../../payloads').Generation} Generation */
/**
 * `draw`: of the seed that was chosen for all panes, null for the newest; `picked`: by turn and pane, a draw
 * that was looked for.
 * @typedef {{draw: number | null, picked: Record<string, number>}} Shown
 */

/** @type {Shown} */
export const NEWEST = {draw: null, picked: {}};

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
 * Seeds that were asked together at first are lines: each is drawn again, and gone on from, by itself.
 * @param {Generation[]} draws
 * @param {number} draw
 * @param {number} lines
 */
const newestBeside = (draws, draw, lines) => draws.findLast(one => one.draw % lines === draw % lines);

/**
 * The one that is shown: where there is none with the chosen seed, the newest of its line.
 * @param {Generation[]} draws
 * @param {Shown} shown
 * @param {number} lines how many seeds were asked at first
 */
export function shownOf(draws, {draw, picked}, lines) {
  const [first] = draws;
  const wanted = picked[placeOf(first.prompt_index, first.pane)] ?? draw;
  return (
    draws.find(one => one.draw === wanted) ?? newestBeside(draws, draw ?? 0, lines) ?? draws[draws.length - 1]
  );
}

/**
 * The answer of the turn before that this one goes on from: the newest of its line that said something.
 * @param {Comparison} comparison
 * @param {Generation} answer
 */
export function wentOnFrom(comparison, {prompt_index: turn, pane, draw}) {
  if (!comparison.chat || turn === 0) return undefined;
  const said = drawsOf(comparison, turn - 1, pane).filter(({status, text}) => status === 'done' && text);
  return newestBeside(said, draw, comparison.draws);
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

/**
 * What is shown once answers were drawn anew: the new ones, of the same line of seeds.
 * @param {Shown} shown
 * @param {Comparison} comparison as it has grown
 * @param {{pane?: number, prompt_index?: number}} which was drawn anew; neither for all
 * @returns {Shown}
 */
export function drawnAnew({draw, picked}, comparison, {pane, prompt_index: turn}) {
  if (pane === undefined || turn === undefined)
    return {draw: draw === null ? null : newestOf(comparison, draw), picked: {}};
  const newest = newestBeside(drawsOf(comparison, turn, pane), draw ?? 0, comparison.draws);
  return newest ? {draw, picked: {...picked, [placeOf(turn, pane)]: newest.draw}} : {draw, picked};
}

/** @param {Comparison} comparison @param {number} draw of the line that is meant */
function newestOf({generations, draws: lines}, draw) {
  const line = generations.filter(one => one.draw % lines === draw % lines);
  return Math.max(draw, ...line.map(one => one.draw));
}

/**
 * Every seed that any answer has, by draw.
 * @param {Comparison} comparison
 * @returns {[number, number][]} draws and seeds
 */
export const seedsOf = ({generations}) =>
  [...new Map(generations.map(({draw, seed}) => [draw, seed]))].sort(([a], [b]) => a - b);

/**
 * The draw whose seed is shown in all panes that have it.
 * @param {Comparison} comparison
 * @param {Shown} shown
 */
export const drawShown = (comparison, {draw}) => draw ?? newestOf(comparison, 0);

/** What drawing anew adds to each pane. @param {Comparison} comparison */
export const nextSeeds = ({draws}) => (draws > 1 ? `Next ${draws} seeds` : 'Next seed');

/** What drawing all anew does: of a conversation, only its last turn. @param {Comparison} comparison */
export const nextInAll = comparison => {
  const {chat, prompts} = comparison;
  return `${nextSeeds(comparison)} in all${chat && prompts.length > 1 ? `, turn ${prompts.length}` : ''}`;
};
