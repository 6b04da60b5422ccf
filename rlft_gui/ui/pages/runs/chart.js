// The chart of the page of all runs: up to six of them, one metric, live.
import {asked, remember} from '../../components/address.js';
import {card} from '../../components/blocks.js';
import {call} from '../../components/call.js';
import '../../components/chart/chart.js';
import {CurveStore} from '../../components/chart/store.js';
import {html, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {addressed, chosenIn, metricsOf} from './chart_chosen.js';
import {tools} from './chart_tools.js';
import {chartView} from './chart_view.js';
import {selection} from './selection.js';

/** @typedef {import('./chart_chosen.js').Change} Change */
/** @typedef {import('./chart_chosen.js').Chosen} Chosen */
/** @typedef {import('../../components/chart/view.js').ChartView} ChartView */
/** @typedef {import('../../payloads').SharedMetric} SharedMetric */

/** @param {CurveStore} store */
function howMany(store) {
  const {ids} = selection;
  if (!ids.length) return '';
  const going = ids.filter(id => store.get(id)?.live).length;
  return `${count(ids.length, 'run')}${going ? `, ${going} live` : ''}`;
}

/** Draws what is ticked, as the reader looks at it. */
class RunsChart {
  /** @type {Chosen} */
  #chosen = chosenIn(asked());
  /** @type {SharedMetric[]} */
  #choices = [];
  /** While another metric is on its way, the chart stays as it was. @type {ChartView} */
  #shown;
  #root;
  #server;
  #store;

  /** @param {import('../../components/mount.js').Part} part */
  constructor({root, server, props}) {
    this.#root = root;
    this.#server = server;
    this.#store = new CurveStore({
      element: root,
      curves: server.curves,
      infos: JSON.parse(props.metrics),
      told: news => this.#take(news),
    });
    this.#shown = this.#view();
  }

  /** Asks for the curves of what is ticked now. */
  ask() {
    const {ids} = selection;
    this.#store.select(ids, metricsOf(this.#chosen));
    if (ids.every(id => this.#store.get(id))) this.#show();
    this.draw();
    void this.#listMetrics();
  }

  /** @type {Change} */
  #change = changes => {
    this.#chosen = {...this.#chosen, ...changes};
    remember(addressed(this.#chosen));
    if ('metric' in changes || 'axis' in changes) {
      this.ask();
      return;
    }
    this.#show();
    this.draw();
  };

  /** @param {import('../../components/chart/store.js').News} news */
  #take({isFresh, missing}) {
    if (missing.length) selection.tick(selection.ids.filter(id => !missing.includes(id)));
    this.#show();
    this.draw();
    if (isFresh) void this.#listMetrics();
  }

  async #listMetrics() {
    const {ids} = selection;
    if (!ids.length) return;
    try {
      this.#choices = (await call(this.#server.shared_metrics, {runs: ids})).metrics;
    } catch {
      return; // the next answer of the curves asks again
    }
    if (!this.#hasPoints()) this.#show();
    this.draw();
  }

  #hasPoints() {
    return selection.ids.some(id => this.#store.get(id)?.series[this.#chosen.metric]?.x.length);
  }

  #view() {
    return chartView(this.#chosen, this.#store, this.#choices, this.#change);
  }

  #show() {
    this.#shown = this.#view();
  }

  draw() {
    const chart = html`<rl-chart .view=${this.#shown}></rl-chart>`;
    render(
      card(
        {
          title: 'Curves',
          sub: howMany(this.#store),
          tools: tools(this.#chosen, this.#store, this.#choices, this.#change),
          id: 'chart',
        },
        html`<div class="rl-cb">${chart}</div>`,
      ),
      this.#root,
    );
  }
}

/** @param {import('../../components/mount.js').Part} part */
export default function start(part) {
  const chart = new RunsChart(part);
  chart.draw();
  let before = '';
  selection.on(() => {
    const now = selection.ids.filter(id => selection.cards.has(id)).join();
    if (now === before && now) return;
    before = now;
    chart.ask();
  });
}
