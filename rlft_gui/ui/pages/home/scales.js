// Where values stand in the small drawings of the last results.

/** @typedef {import('../../payloads').RunResult} RunResult */
/** @typedef {{low: number, high: number}} Range */

/**
 * The gold scores of all results: they share one scale. A loss has one of its own.
 * @param {RunResult[]} results
 * @returns {Range}
 */
export function goldRange(results) {
  const golds = results.filter(result => result.measured_by !== 'own').flatMap(result => values(result));
  return {low: Math.min(...golds), high: Math.max(...golds)};
}

/** @param {RunResult} result */
const values = ({curve}) => curve.map(([, value]) => value);

/** @param {RunResult} result @param {Range} shared */
export const rangeOf = (result, shared) =>
  result.measured_by === 'own'
    ? {low: Math.min(...values(result)), high: Math.max(...values(result))}
    : shared;

/**
 * How far from zero the intervals of all gains reach.
 * @param {RunResult[]} results
 */
export function reachOf(results) {
  const ends = results.flatMap(({gain}) => (gain ? [Math.abs(gain.low), Math.abs(gain.high)] : []));
  return Math.max(0.01, ...ends);
}

/**
 * The points of a curve in a box, with room for the dot at its end.
 * @param {RunResult['curve']} curve
 * @param {Range} range
 * @param {{width: number, height: number}} box
 */
export function placed(curve, {low, high}, {width, height}) {
  const last = curve.at(-1)?.[0] || 1;
  return curve.map(([step, value]) => [
    2 + (step / last) * (width - 8),
    height - 3 - ((value - low) / (high - low || 1)) * (height - 6),
  ]);
}
