// The chart of all runs, from what is ticked and how a reader looks at it.
import {empty, skeleton} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {curveOf, hasPoints} from '../../components/chart/curve.js';
import {farthest} from '../../components/chart/ranges.js';
import {USUAL_SMOOTHING} from '../../components/chart/smoothing.js';
import {SIZES} from '../../components/chart/view.js';
import {nothing} from '../../components/html.js';
import {captionOf, sharedBy} from './chart_words.js';
import {linesOf} from './lines.js';
import {selection} from './selection.js';

/** @typedef {import('./chart_chosen.js').Change} Change */
/** @typedef {import('./chart_chosen.js').Chosen} Chosen */
/** @typedef {import('../../components/chart/store.js').CurveStore} CurveStore */
/** @typedef {import('../../payloads').SharedMetric} SharedMetric */
/** @typedef {import('../../components/chart/view.js').ChartView} ChartView */

/**
 * Stands in the place of the plot while there are no points.
 * @param {Chosen} chosen
 * @param {CurveStore} store
 * @param {SharedMetric[]} choices
 * @param {Change} change
 */
function emptyPlot({metric}, store, choices, change) {
  const {ids} = selection;
  if (!selection.page) return skeleton(30, 90, 75);
  if (!ids.length) return empty('No run is drawn', 'Tick up to six runs in the table below.');
  if (ids.some(id => !store.get(id))) return skeleton(30, 90, 75);
  const title = `None of these runs has reported ${store.info(metric).title.toLowerCase()}`;
  const shared = sharedBy(choices, ids.length);
  const other = shared.find(name => name !== metric);
  if (!other) return empty(title, 'The first points come soon after the start of a run.');
  const instead = button(`Show ${other}`, () => change({metric: other}), {kind: 'sm'});
  return empty(title, `They share ${shared.slice(0, 3).join(', ')}.`, instead);
}

/**
 * @param {Chosen} chosen
 * @param {CurveStore} store
 * @param {SharedMetric[]} choices
 * @param {Change} change
 * @returns {ChartView}
 */
export function chartView(chosen, store, choices, change) {
  const {metric, axis, hasTable, zoom} = chosen;
  const runs = selection.ids.map(id => selection.cards.get(id)).filter(run => run !== undefined);
  const lines = linesOf(runs, store);
  const curves = lines.map(line => curveOf(line, metric, axis));
  return {
    size: SIZES.runs,
    metric,
    info: store.info(metric),
    lines,
    axis,
    smoothing: USUAL_SMOOTHING,
    last: farthest(curves, axis),
    zoom,
    onZoom: range => change({zoom: range}),
    alarms: [],
    hasAlarmMarks: false,
    caption: captionOf(metric, axis, lines, Math.max(...curves.map(({series}) => series.stride))),
    empty: curves.some(hasPoints) ? nothing : emptyPlot(chosen, store, choices, change),
    hasTable,
  };
}
