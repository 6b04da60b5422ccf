// How a reader looks at the chart of all runs, as the address line keeps it.
import {AXIS_METRICS} from '../../components/chart/place.js';

/** @typedef {import('../../components/chart/place.js').Axis} Axis */
/** @typedef {import('../../components/chart/view.js').ChartView} ChartView */
/**
 * The zoom is the one thing that the address does not keep.
 * @typedef {{metric: string, axis: Axis, hasTable: boolean, zoom: ChartView['zoom']}} Chosen
 */
/** @typedef {(changes: Partial<Chosen>) => void} Change */

const USUAL_METRIC = 'probe/gold';
/** @type {[Axis, string][]} */
export const AXES = [
  ['step', 'Step'],
  ['tokens', 'Tokens'],
  ['kl', 'KL'],
];

/** @param {URLSearchParams} query @returns {Chosen} */
export const chosenIn = query => ({
  metric: query.get('m') || USUAL_METRIC,
  axis: AXES.find(([axis]) => axis === query.get('x'))?.[0] ?? 'step',
  hasTable: query.get('table') === '1',
  zoom: null,
});

/** What of it stands in the address: nothing that is so anyway. @param {Chosen} chosen */
export const addressed = ({metric, axis, hasTable}) => ({
  m: metric === USUAL_METRIC ? null : metric,
  x: axis === 'step' ? null : axis,
  table: hasTable ? 1 : null,
});

/** What must be known to draw it. @param {Chosen} chosen */
export function metricsOf({metric, axis}) {
  const across = AXIS_METRICS[axis];
  return [...new Set([metric, `${metric}/low`, `${metric}/high`, ...(across ? [across] : [])])];
}
