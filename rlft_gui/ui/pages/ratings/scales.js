// Where intervals stand in small drawings.

/** @typedef {{low: number, middle: number, high: number}} Mark */
/** @typedef {{from: number, to: number, zero: number | null}} Scale */

export const BOX = {width: 160, height: 24, edge: 5};

/** The scale of win rates. @type {Scale} */
export const RATES = {from: 0, to: 100, zero: 50};

/**
 * A scale that holds all marks, even on both sides of zero.
 * @param {Mark[]} marks
 * @returns {Scale}
 */
export function around(marks) {
  const reach = Math.max(1, ...marks.flatMap(({low, middle, high}) => [low, middle, high].map(Math.abs)));
  return {from: -reach, to: reach, zero: 0};
}

/** @param {number} value @param {Scale} scale */
export function place(value, {from, to}) {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from || 1)));
  return BOX.edge + share * (BOX.width - 2 * BOX.edge);
}
