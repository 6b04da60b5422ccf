// The numbers of a chart as rows of a table, newest first.
import {NONE, interval, number} from '../numbers.js';
import {valueAt} from './ends.js';

/** @typedef {import('./curve.js').Curve} Curve */

/** @param {Curve} curve @param {number | undefined} i */
function cell(curve, i) {
  if (i === undefined) return NONE;
  return `${number(valueAt(curve, i))} ${interval(curve.low?.y[i], curve.high?.y[i])}`;
}

/**
 * The steps that any line has, and the newest of them with a cell for each line.
 * @param {Curve[]} curves
 * @param {number} most
 */
export function rowsOf(curves, most) {
  const steps = [...new Set(curves.flatMap(({series}) => series.x))].sort((a, b) => b - a);
  const places = curves.map(({series}) => new Map(series.x.map((step, i) => [step, i])));
  const rows = steps.slice(0, most).map(step => ({
    step,
    cells: curves.map((curve, n) => cell(curve, places[n].get(step))),
  }));
  return {total: steps.length, rows};
}
