// A line of a chart with what is known of it, and its points as they are drawn.
import {number} from '../numbers.js';
import {placeOn} from './place.js';
import {NO_POINTS} from './series.js';
import {smoother} from './smoothing.js';

/** @typedef {import('./series.js').KnownRun} KnownRun */
/** @typedef {import('./series.js').Series} Series */
/**
 * A run on a chart. `nth`: among the runs of its method, which share a colour; `title` and `tail` make its
 * short name.
 * @typedef {object} Line
 * @property {string} id of the run
 * @property {KnownRun | undefined} run undefined until it is known
 * @property {string} name
 * @property {string} [title]
 * @property {string} [tail]
 * @property {string} palette key of colour and shape
 * @property {number} nth
 */
/**
 * @typedef {object} Curve
 * @property {Line} line
 * @property {Series} series
 * @property {Series | undefined} low of its interval, where it has one
 * @property {Series | undefined} high
 * @property {import('./place.js').Place} place
 */
/**
 * Lists of one length. `above` and `below`: how far the interval reaches.
 * @typedef {object} Points
 * @property {number[]} x
 * @property {(number | null)[]} y
 * @property {(number | null)[]} smooth
 * @property {number[]} above
 * @property {number[]} below
 * @property {[number, number] | null} end the last point that has a value, smoothed
 */

/**
 * @param {Line} line
 * @param {string} metric
 * @param {import('./place.js').Axis} axis
 * @returns {Curve}
 */
export const curveOf = (line, metric, axis) => ({
  line,
  series: line.run?.series[metric] ?? NO_POINTS,
  low: line.run?.series[`${metric}/low`],
  high: line.run?.series[`${metric}/high`],
  place: placeOn(line.run, axis),
});

/** @param {Curve} curve */
export const hasPoints = curve => curve.series.x.length > 0;

/** @param {number | null | undefined} from @param {number | null | undefined} to */
const reach = (from, to) => (from == null || to == null ? 0 : to - from);

/**
 * @param {Curve} curve
 * @param {number} smoothing
 * @returns {Points}
 */
export function pointsOf({series, low, high, place}, smoothing) {
  // Of a thinned series one point stands for `stride`, and what came before it is as far away.
  const smooth = smoother(smoothing ** series.stride);
  /** @type {Points} */
  const points = {x: [], y: [], smooth: [], above: [], below: [], end: null};
  series.x.forEach((step, i) => {
    const x = place(step);
    if (x === null) return;
    const y = series.y[i];
    const smoothed = smooth(y);
    points.x.push(x);
    points.y.push(y);
    points.smooth.push(smoothed);
    points.above.push(reach(y, high?.y[i]));
    points.below.push(reach(low?.y[i], y));
    if (smoothed !== null) points.end = [x, smoothed];
  });
  return points;
}

const AT_BOTTOM = 0.03; // of the height
const AT_TOP = 0.97;

/**
 * Values that are not finite stand as crosses at an edge of the plot, never at zero.
 * @param {Curve} curve
 */
export function crossesOf({series, place}) {
  const seen = series.bad.filter(([step]) => place(step) !== null);
  return {
    x: seen.map(([step]) => place(step)),
    y: seen.map(([, kind]) => (kind === '-inf' ? AT_BOTTOM : AT_TOP)),
    text: seen.map(([, kind]) => number(kind)),
  };
}
