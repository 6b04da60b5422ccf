// On which scale a score stands, and how its number is written: alike wherever it is shown. No nodes here.
//
// A score's name begins with its kind, as Python makes it (services/comparisons/scoring.py).
import {number, signed} from '../numbers.js';

/** @typedef {[number, number]} Scale from its low to its high end */

/** @type {Scale} */
const SHARE = [0, 1];
/** @type {Record<string, Scale>} */
const SCALES = {
  judge: SHARE,
  number: SHARE,
  exact: SHARE,
  json: SHARE,
  regex: SHARE,
  length: SHARE,
  format: SHARE,
  random: SHARE,
  keywords: [-1, 1],
};
const LEAST = 2; // what a score that has no bounds fills at least: two deviations of a reward model

/** @param {string} name */
const kindOf = name => name.split(':')[0];

/**
 * What has no bounds reaches as far as the farthest of these values, so that no bar is cut.
 * @param {string} name
 * @param {number[]} values
 * @returns {Scale}
 */
export function scaleOf(name, values) {
  const half = Math.max(LEAST, ...values.map(Math.abs));
  return SCALES[kindOf(name)] ?? [-half, half];
}

/**
 * A share has no sign; a reward stands as on the page of scores.
 * @param {number} value
 * @param {{name: string, scale: Scale}} score
 */
export function figure(value, {name, scale: [low, high]}) {
  if (low === 0) return number(value);
  if (kindOf(name) === 'reward_model') return signed(value);
  return signed(value, high === 1 ? 0 : 1);
}
