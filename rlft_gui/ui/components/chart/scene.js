// What a chart shows, from its view, its width and the lines that a reader hid.
import {covered} from './covering.js';
import {curveOf, hasPoints, pointsOf} from './curve.js';
import {allEnds, markedOf} from './ends.js';
import {extentOf} from './ranges.js';
import {smoothingOf} from './smoothing.js';

/** @typedef {import('./curve.js').Curve} Curve */
/** @typedef {import('./ends.js').Ends} Ends */
/** @typedef {import('./ranges.js').Range} Range */
/** @typedef {import('./view.js').ChartView} ChartView */
/**
 * A view with what follows from it at a width.
 * @typedef {object} Scene
 * @property {ChartView} view
 * @property {number} width
 * @property {number} smoothing
 * @property {Curve[]} curves
 * @property {import('./curve.js').Points[]} points of each
 * @property {Range | null} extent of what is to be seen
 * @property {number[]} covers by curve, how many visible ones lie on it
 * @property {Ends[]} ends
 * @property {import('./ends.js').Marked | null} marked of the first line, where a step is looked at
 * @property {boolean} isLabelled
 */

const WIDE = 700; // px, where labels at the ends of lines have room
const ON_EACH_OTHER = 0.004; // of the axis: about a pixel

/**
 * @param {ChartView} view
 * @param {number} width
 * @param {Set<string>} hidden
 * @returns {Scene}
 */
export function sceneOf(view, width, hidden) {
  const smoothing = smoothingOf(view.metric, view.smoothing);
  const curves = view.lines.map(line => curveOf(line, view.metric, view.axis));
  const points = curves.map(curve => pointsOf(curve, smoothing));
  const seen = curves.filter(({line}) => !hidden.has(line.id));
  const extent = extentOf(seen);
  const drawn = seen.filter(hasPoints);
  const counts = covered(
    drawn.map(({series}) => series),
    extent ? ON_EACH_OTHER * (extent[1] - extent[0]) : 0,
  );
  return {
    view,
    width,
    smoothing,
    curves,
    points,
    extent,
    covers: curves.map(curve => counts[drawn.indexOf(curve)] ?? 0),
    ends: allEnds(curves, points),
    marked: view.mark == null ? null : markedOf(curves[0], points[0], view.mark),
    isLabelled: view.size.hasEndLabels && width > WIDE,
  };
}
