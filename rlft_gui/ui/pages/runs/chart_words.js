// What stands around the chart of the page of all runs.
import {isSparse, smoothedWords} from '../../components/chart/smoothing.js';

/** @typedef {import('../../components/chart/place.js').Axis} Axis */
/** @typedef {import('../../payloads').SharedMetric} SharedMetric */

const DASHED = 'A dashed line is a second run of the same method.';
const KL = 'KL is measured against the base, so methods can share it; it is known at probes only.';

/** @param {string} metric @param {number} stride */
function pointsAre(metric, stride) {
  if (!isSparse(metric)) return smoothedWords(stride);
  const probe = 'Each dot is one probe on held-out prompts';
  return metric === 'probe/gold' ? `${probe}; bars: 95 % interval over prompts.` : `${probe}.`;
}

/**
 * @param {string} metric
 * @param {Axis} axis
 * @param {{nth: number}[]} lines
 * @param {number} stride the longest of theirs
 */
export const captionOf = (metric, axis, lines, stride) =>
  [pointsAre(metric, stride), lines.some(line => line.nth) && DASHED, axis === 'kl' && KL]
    .filter(Boolean)
    .join(' ');

/**
 * The metrics that all of so many runs have reported.
 * @param {SharedMetric[]} choices
 * @param {number} runs
 */
export const sharedBy = (choices, runs) =>
  choices.filter(choice => choice.runs === runs).map(choice => choice.name);

/**
 * Metrics to choose from; the one that is drawn is always among them.
 * @param {SharedMetric[]} choices
 * @param {{name: string, info: {title: string}}} drawn
 */
export function optionsOf(choices, drawn) {
  const all = choices.some(choice => choice.name === drawn.name) ? choices : [drawn, ...choices];
  return all.map(({name, info: {title}}) => ({name, words: title === name ? name : `${title} (${name})`}));
}
