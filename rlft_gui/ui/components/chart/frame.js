// Where a plot's values stand in pixels, from the margins that we set and the ranges that the layout holds.
// What is written over a plot is placed by it, so nothing of Plotly's insides is read.

/** @typedef {import('./ranges.js').Range} Range */
/** @typedef {{t: number, r: number, b: number, l: number}} Margin */
/** @typedef {{range: Range}} Axis */
/** @typedef {{width: number, height: number, margin: Margin, xaxis: Axis, yaxis: Axis}} Drawn */
/**
 * @typedef {object} Frame
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 */

const FOR_LABELS = 224; // at the ends of lines
const FOR_ALARMS = 26; // above
const FOR_TITLE = 40; // below the x axis

/**
 * @param {{hasLabels: boolean, hasAlarms: boolean, hasTitle: boolean}} around
 * @returns {Margin}
 */
export const marginOf = ({hasLabels, hasAlarms, hasTitle}) => ({
  t: hasAlarms ? FOR_ALARMS : 10,
  r: hasLabels ? FOR_LABELS : 12,
  b: hasTitle ? FOR_TITLE : 24,
  l: 54,
});

/**
 * @param {Drawn} layout as Plotly left it: where it chose a range itself, it says which
 * @returns {Frame}
 */
export function frameOf({width, height, margin, xaxis, yaxis}) {
  const left = margin.l;
  const right = width - margin.r;
  const top = margin.t;
  const bottom = height - margin.b;
  /** @param {number} value @param {Range} range */
  const part = (value, [from, to]) => (value - from) / (to - from);
  return {
    left,
    right,
    top,
    bottom,
    x: value => left + part(value, xaxis.range) * (right - left),
    y: value => bottom - part(value, yaxis.range) * (bottom - top),
  };
}

const LABEL_HEIGHT = 20;
const BELOW = 12; // a label may hang below the axis by so much

/**
 * Moves labels down until none lies on another; too many at the bottom move all up.
 * @param {number[]} wanted heights, from the top one down
 * @param {{top: number, bottom: number}} frame
 * @returns {number[]}
 */
export function spread(wanted, {top, bottom}) {
  let before = top - LABEL_HEIGHT;
  const placed = wanted.map(y => (before = Math.max(Math.min(y, bottom), before + LABEL_HEIGHT)));
  const over = Math.max(0, before - bottom - BELOW);
  return placed.map(y => y - over);
}

const NEAR = 70;

/**
 * On which side of its place a mark hangs, so that it stays on the plot.
 * @param {number} x
 * @param {{left: number, right: number}} frame
 */
export function sideOf(x, {left, right}) {
  if (x < left + NEAR) return 'start';
  return x > right - NEAR ? 'end' : 'mid';
}
