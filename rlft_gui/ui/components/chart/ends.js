// Where lines begin and end, in words.
import {interval, number} from '../numbers.js';
import {hasPoints} from './curve.js';
import {AXIS_TITLES} from './place.js';

/** @typedef {import('./curve.js').Curve} Curve */
/** @typedef {import('./curve.js').Points} Points */
/** @typedef {import('../numbers.js').Value} Value */
/** @typedef {import('../../payloads').MetricInfo} MetricInfo */
/**
 * A single minibatch says little, so where a smoothed line is drawn, `last` is its end.
 * @typedef {object} Ends
 * @property {Curve} curve
 * @property {Value} first
 * @property {number} firstStep
 * @property {Value} last
 * @property {number} lastStep
 * @property {Value} raw the last point alone
 * @property {[number, number] | null} at where the line ends on the plot
 */

/** The value of a point, by its name where it is not finite. @param {Curve} curve @param {number} i */
export const valueAt = ({series}, i) =>
  series.y[i] ?? series.bad.find(([step]) => step === series.x[i])?.[1] ?? null;

/**
 * @param {Curve} curve
 * @param {Points} points
 * @returns {Ends}
 */
function endsOf(curve, {end}) {
  const {x, y} = curve.series;
  const raw = y.at(-1) ?? null;
  const smooth = raw === null ? undefined : end?.[1];
  return {
    curve,
    first: valueAt(curve, 0),
    firstStep: x[0],
    last: smooth ?? valueAt(curve, x.length - 1),
    lastStep: x[x.length - 1],
    raw,
    at: end,
  };
}

/** Of curves that have points. @param {Curve[]} curves @param {Points[]} points of each */
export const allEnds = (curves, points) =>
  curves.flatMap((curve, i) => (hasPoints(curve) ? [endsOf(curve, points[i])] : []));

/** A share needs no unit. @param {MetricInfo} info */
export const unitOf = ({unit}) => (unit && unit !== 'share' ? ` ${unit}` : '');

/**
 * The interval at the last point, "" without one.
 * @param {Curve} curve
 */
export const lastInterval = ({low, high}) => interval(low?.y.at(-1), high?.y.at(-1));

/**
 * What a line has at a step that is looked at. `before` and `after`: the points nearest to it.
 * @typedef {{step: number, value: Value}} At
 * @typedef {{at: (At & {raw: Value, interval: string}) | null, before: At | null, after: At | null}} Marked
 */

/**
 * Only what was measured there: a line between two points is no measurement.
 * @param {Curve} curve on the axis of steps
 * @param {Points} points
 * @param {number} step
 * @returns {Marked}
 */
export function markedOf(curve, {smooth}, step) {
  const {x} = curve.series;
  const point = (/** @type {number} */ i) => ({step: x[i], value: smooth[i] ?? valueAt(curve, i)});
  const next = x.findIndex(one => one >= step);
  if (next >= 0 && x[next] === step) {
    const raw = valueAt(curve, next);
    const at = {...point(next), raw, interval: interval(curve.low?.y[next], curve.high?.y[next])};
    return {at, before: null, after: null};
  }
  const last = next < 0 ? x.length - 1 : next - 1;
  return {at: null, before: last < 0 ? null : point(last), after: next < 0 ? null : point(next)};
}

/**
 * The whole chart for whoever does not see it.
 * @param {MetricInfo} info
 * @param {import('./place.js').Axis} axis
 * @param {Ends[]} ends
 */
export function inWords(info, axis, ends) {
  if (!ends.length) return `${info.title}: no points yet.`;
  const lines = ends.map(
    ({curve, first, firstStep, last, lastStep}) =>
      `${curve.line.name}: from ${number(first)} at step ${firstStep} ` +
      `to ${number(last)}${unitOf(info)} at step ${lastStep}`,
  );
  return `${info.title} by ${AXIS_TITLES[axis].toLowerCase()}. ${lines.join('; ')}.`;
}
