// The time machine: a slider over a run's checkpoints shows how the answer to one prompt changed, and where
// each stands on the run's curves.
import {empty, skeleton} from '../../components/blocks.js';
import {curveOf} from '../../components/chart/curve.js';
import {farthest} from '../../components/chart/ranges.js';
import {USUAL_SMOOTHING} from '../../components/chart/smoothing.js';
import {CurveStore} from '../../components/chart/store.js';
import {SIZES} from '../../components/chart/view.js';
import {html, live} from '../../components/html.js';
import {segment} from '../../components/segment.js';
import {inFront, isRead, placeAmong, stepName} from './film_words.js';
import {answersTo} from './pane_words.js';
import {paneView} from './pane.js';
import {shownScores} from './score_words.js';

/** @typedef {import('../../payloads').ComparisonView} ComparisonView */
/** @typedef {import('../../payloads').FilmFacts} FilmFacts */
/** @typedef {import('./film_words.js').Before} Before */
/** @typedef {import('../../components/mount.js').Part} Part */

/** @type {[Before, string][]} */
const BEFORE = [
  ['off', 'Off'],
  ['before', 'Step before'],
  ['first', 'Start'],
];

export class Film {
  /** @type {CurveStore | null} */
  #store = null;
  #run = '';
  #isAsked = false;
  /** Which pane is looked at; null: the last. @type {number | null} */
  at = null;
  /** @type {Before} */
  before = 'before';

  /** @param {Pick<Part, 'root' | 'server'> & {draw: () => void}} page */
  constructor(page) {
    this.page = page;
  }

  /** Asks for the curves of the run, once. @param {FilmFacts} facts */
  #curves({run, reward, kl}) {
    const {root, server, draw} = this.page;
    if (this.#run === run && this.#store) return this.#store;
    this.#run = run;
    this.#store ??= new CurveStore({
      element: root,
      curves: server.curves,
      infos: {}, // the first answer brings the few that are needed
      told: draw,
    });
    const metrics = [reward, kl].filter(name => name !== null);
    this.#store.select([run], metrics.flatMap(name => [name, `${name}/low`, `${name}/high`]).sort());
    return this.#store;
  }

  /** Charts bring Plotly, a third of a megabyte that nothing else on this page needs. */
  get #canDraw() {
    if (!this.#isAsked) void import('../../components/chart/chart.js').then(this.page.draw);
    this.#isAsked = true;
    return customElements.get('rl-chart') !== undefined;
  }

  /** @param {number} at */
  go = at => {
    this.at = at;
    this.page.draw();
  };

  /** @param {string} before */
  mark = before => {
    this.before = /** @type {Before} */ (before);
    this.page.draw();
  };

  /** @param {ComparisonView} shown @param {FilmFacts} facts @param {import('./draws.js').Shown} draws */
  view(shown, facts, draws) {
    const store = this.#curves(facts);
    const all = answersTo(shown.comparison, 0, draws);
    const at = Math.min(this.at ?? all.length - 1, all.length - 1);
    return html`<section class="rl-card rl-film-card" aria-label="How the answer changed">
      <div class="rl-cb rl-stack">
        ${slider(facts, at, this.go)}
        <div class="rl-film-two">
          <div class="rl-panes" style="--n:1">
            ${paneView(all[at], {
              other: inFront(all, at, this.before),
              opening: '',
              scores: shownScores(shown, 0, all),
              acts: null,
            })}
          </div>
          <div class="rl-stack">
            ${this.#canDraw ? charts(shown, facts, store, facts.steps[at]) : skeleton(92, 84, 60)}
          </div>
        </div>
        <div class="rl-tools">
          <span
            ><span class="rl-k">Mark words against</span>${segment(
              {label: 'Mark words against', name: 'rl-film-mark', value: this.before, options: BEFORE},
              this.mark,
            )}</span
          >
          <span class="rl-xs rl-faint">${isRead(all)}</span>
        </div>
      </div>
    </section>`;
  }
}

/** @param {FilmFacts} facts @param {number} at @param {(at: number) => void} go */
function slider({steps}, at, go) {
  const name = stepName(steps[at]);
  return html`<div class="rl-slider">
    <label for="compare-step"><b>${name}</b><span class="rl-faint">${placeAmong(steps, at)}</span></label>
    <input
      type="range"
      id="compare-step"
      min="0"
      max=${steps.length - 1}
      step="1"
      .value=${live(String(at))}
      style=${`--at:${(100 * at) / Math.max(1, steps.length - 1)}%`}
      aria-label="Checkpoint"
      aria-valuetext=${name}
      @input=${(/** @type {{target: HTMLInputElement}} */ {target}) => go(Number(target.value))}
    />
    <div class="rl-row rl-between rl-xs rl-faint" aria-hidden="true">
      ${steps.map(step => html`<span>${step ?? 'start'}</span>`)}
    </div>
  </div>`;
}

/**
 * @param {ComparisonView} shown
 * @param {FilmFacts} facts
 * @param {CurveStore} store
 * @param {number | null} step
 */
function charts(shown, facts, store, step) {
  const known = Object.values(shown.runs).find(run => run?.id === facts.run);
  const run = store.get(facts.run);
  const metrics = [facts.reward, facts.kl].filter(name => name !== null);
  if (!metrics.length) return empty('No curves', 'This run has reported neither a reward nor a distance.');
  const line = (/** @type {string} */ metric) => ({
    id: facts.run,
    run,
    name: store.info(metric).title,
    palette: known?.palette ?? 'base',
    nth: 0,
  });
  const last = farthest(
    metrics.map(metric => curveOf(line(metric), metric, 'step')),
    'step',
  );
  return metrics.map(metric => {
    const view = {
      size: SIZES.small,
      metric,
      info: store.info(metric),
      lines: [line(metric)],
      axis: /** @type {const} */ ('step'),
      smoothing: USUAL_SMOOTHING,
      last,
      zoom: null,
      onZoom: () => {},
      alarms: [],
      hasAlarmMarks: false,
      mark: step ?? 0,
      caption: '',
      empty: run ? empty('No points', 'This run has not reported it.') : skeleton(30, 90, 75),
      hasTable: false,
    };
    return html`<rl-chart .view=${view}></rl-chart>`;
  });
}

/**
 * Which of both ways checkpoints are shown.
 * @param {'steps' | 'panes'} show
 * @param {(show: string) => void} choose
 */
export const showChoice = (show, choose) =>
  html`<span
    ><span class="rl-k">Show</span>${segment(
      {
        label: 'Show checkpoints',
        name: 'rl-compare-show',
        value: show,
        options: [
          ['steps', 'Over steps'],
          ['panes', 'Side by side'],
        ],
      },
      choose,
    )}</span
  >`;
