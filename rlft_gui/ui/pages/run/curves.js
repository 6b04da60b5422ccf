// The curves of a run, live: what matters most large, some small, and everything else on demand.
import '../../components/age.js';
import {asked, remember} from '../../components/address.js';
import {card} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {CurveStore} from '../../components/chart/store.js';
import {html, live, nothing, render} from '../../components/html.js';
import {segment} from '../../components/segment.js';
import {charts} from './curve_charts.js';
import {addressed, chosenIn} from './curve_chosen.js';
import {arranged, drawn, needed} from './curve_plan.js';
import {upcoming} from './curve_words.js';
import {onFacts, runId} from './facts.js';

/** @typedef {import('../../components/chart/series.js').KnownRun} KnownRun */
/** @typedef {import('./curve_chosen.js').Chosen} Chosen */
/** @typedef {import('./curve_charts.js').State} State */
/** @typedef {import('./curve_words.js').CurveFacts} CurveFacts */

/** @param {State} state @param {Chosen} chosen */
const tools = ({change}, {axis, smoothing, hasTables}) =>
  html`<div class="rl-tools">
    <span
      ><span class="rl-k">x axis</span>${segment(
        {
          label: 'x axis',
          name: 'rl-curves-axis',
          value: axis,
          options: [
            ['step', 'Step'],
            ['tokens', 'Tokens'],
          ],
        },
        axis => change({axis: /** @type {Chosen['axis']} */ (axis), zoom: null}),
      )}</span
    >
    <label class="rl-small rl-hide-s"
      ><span class="rl-k">Smoothing</span
      ><input
        type="range"
        min="0"
        max="0.95"
        step="0.05"
        aria-label="Smoothing"
        .value=${live(String(smoothing))}
        @input=${(/** @type {any} */ event) => change({smoothing: Number(event.target.value)})}
      />
      <span class="rl-num">${smoothing.toFixed(2)}</span></label
    >
    ${button('Table', () => change({hasTables: !hasTables}), {kind: 'sm rl-hide-s', pressed: hasTables})}
  </div>`;

/** @param {KnownRun | undefined} run */
const lastHeard = run =>
  run?.live && run.heardAt ? html`<rl-age prefix="live, last point" .at=${run.heardAt}></rl-age>` : nothing;

/** @param {State} state */
function view(state) {
  const {facts, run, store, chosen} = state;
  const {metrics} = facts;
  return card(
    {
      title: 'Curves',
      sub: lastHeard(run),
      tools: metrics.length ? tools(state, chosen) : nothing,
      id: 'curves',
      hidden: facts.run.output === 'rows' && !metrics.length, // shown once there is something
    },
    html`<div class="rl-cb">
      ${
        metrics.length
          ? charts(
              state,
              arranged(metrics, facts.charts, metric => store.info(metric)),
            )
          : html`<div class="rl-small rl-muted">${upcoming(facts)}</div>`
      }
    </div>`,
  );
}

/** Whether newer facts may change what is drawn. @param {CurveFacts} before @param {CurveFacts} facts */
const differs = (before, facts) =>
  before.metrics.length !== facts.metrics.length ||
  before.alarms.length !== facts.alarms.length ||
  before.run.status !== facts.run.status ||
  before.run.attempt !== facts.run.attempt;

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server, props}) {
  if (!runId) return;
  /** @type {CurveFacts | null} */
  let facts = null;
  let chosen = chosenIn(asked());
  /** What was drawn once goes on being asked for. @type {Set<string>} */
  const wanted = new Set();

  /** @param {Partial<Chosen>} changes */
  const change = changes => {
    chosen = {...chosen, ...changes};
    remember(addressed(chosen));
    ask();
    draw();
  };
  const store = new CurveStore({
    element: root,
    curves: server.curves,
    infos: JSON.parse(props.metrics),
    told: () => draw(),
  });
  /** Whether something else is asked for than before. */
  const ask = () => {
    if (!facts) return false;
    const arrangement = arranged(facts.metrics, facts.charts, metric => store.info(metric));
    for (const metric of needed(drawn(arrangement, chosen.isOpen), chosen.axis)) wanted.add(metric);
    return store.select([runId], [...wanted].sort()); // sorted: all who look at the same ask for the same
  };
  const draw = () => facts && render(view({facts, run: store.get(runId), store, chosen, change}), root);

  onFacts(next => {
    const before = facts;
    facts = next;
    if (before && !differs(before, next)) return;
    if (!ask()) store.wake();
    draw();
  });
}
