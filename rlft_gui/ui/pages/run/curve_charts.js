// The charts of a run's curves, each where the plan puts it.
import {empty, skeleton} from '../../components/blocks.js';
import '../../components/chart/chart.js';
import {curveOf} from '../../components/chart/curve.js';
import {farthest} from '../../components/chart/ranges.js';
import {SIZES} from '../../components/chart/view.js';
import {html, nothing, repeat} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {alarmName} from '../../components/titles.js';
import {drawn, grouped} from './curve_plan.js';
import {captionOf, noPointsYet} from './curve_words.js';

/** @typedef {import('../../components/chart/series.js').KnownRun} KnownRun */
/** @typedef {import('../../components/chart/view.js').ChartView} ChartView */
/** @typedef {import('./curve_plan.js').Arrangement} Arrangement */
/**
 * What the curves are drawn from.
 * @typedef {object} State
 * @property {import('./curve_words.js').CurveFacts} facts
 * @property {KnownRun | undefined} run undefined until the first answer
 * @property {import('../../components/chart/store.js').CurveStore} store
 * @property {import('./curve_chosen.js').Chosen} chosen
 * @property {(changes: Partial<State['chosen']>) => void} change
 */

/** @param {State} state @param {string} metric */
const lineOf = ({facts, run, store}, metric) => ({
  id: facts.run.id,
  run,
  name: store.info(metric).title,
  palette: facts.run.palette,
  nth: 0,
});

/**
 * Whether its points are on the way: they are asked for once they are drawn.
 * @param {State} state
 * @param {string} metric
 */
const isComing = ({facts, run}, metric) =>
  !run || (facts.metrics.includes(metric) && !(metric in run.series));

/**
 * @param {State} state
 * @param {string} metric
 * @param {'main' | 'small'} size
 * @param {number} last where all axes end
 * @returns {ChartView}
 */
function chartView(state, metric, size, last) {
  const {facts, run, store, chosen, change} = state;
  return {
    size: SIZES[size],
    metric,
    info: store.info(metric),
    lines: [lineOf(state, metric)],
    axis: chosen.axis,
    smoothing: chosen.smoothing,
    last,
    zoom: chosen.zoom,
    onZoom: zoom => change({zoom}),
    alarms: facts.alarms.map(alarm => ({...alarm, words: alarmName(alarm.name)})),
    hasAlarmMarks: metric === 'probe/gold',
    caption: captionOf(metric, {
      measured_by: facts.measured_by,
      series: run?.series[metric],
      hasInterval: facts.metrics.includes(`${metric}/low`),
      isLarge: size === 'main',
      smoothing: chosen.smoothing,
    }),
    empty: isComing(state, metric) ? skeleton(30, 90, 75) : empty('No points yet', noPointsYet(facts.run)),
    hasTable: chosen.hasTables,
  };
}

/** @param {State} state @param {Arrangement} arrangement */
function more({chosen, change}, {rest}) {
  return html`<div class="rl-charts-more">
    <button
      type="button"
      class="rl-link rl-small"
      aria-expanded=${chosen.isOpen}
      ?hidden=${!rest.length}
      @click=${() => change({isOpen: !chosen.isOpen})}
    >
      ${chosen.isOpen ? 'Fewer curves' : count(rest.length, 'more curve')}
    </button>
  </div>`;
}

/** @param {State} state @param {Arrangement} arrangement */
export function charts(state, arrangement) {
  const {top, beside, first, rest} = arrangement;
  const {axis, isOpen} = state.chosen;
  const last = farthest(
    drawn(arrangement, isOpen).map(metric => curveOf(lineOf(state, metric), metric, axis)),
    axis,
  );
  /** @param {string[]} metrics @param {'main' | 'small'} size */
  const row = (metrics, size) =>
    repeat(
      metrics,
      metric => metric,
      metric => html`<rl-chart .view=${chartView(state, metric, size, last)}></rl-chart>`,
    );
  const groups = grouped(rest, metric => state.store.info(metric)).map(
    ([title, metrics]) =>
      html`<h3 class="rl-charts-group">${title}</h3>
        ${row(metrics, 'small')}`,
  );
  return html`<div class="rl-charts" ?hidden=${!top.length}>
      <div class="rl-stack">${row(top, 'main')}</div>
      <div class="rl-stack">${row(beside, 'small')}</div>
    </div>
    <div class="rl-charts-rest" ?hidden=${!first.length}>${row(first, 'small')}</div>
    ${more(state, arrangement)}${isOpen ? html`<div class="rl-charts-rest">${groups}</div>` : nothing}`;
}
