// The curves of up to six runs, asked for again and again while they are live. Charts draw from here.
import {call} from '../call.js';
import {poll} from '../poll.js';
import {absorb} from './series.js';

/** @typedef {import('../../payloads').CurvesAsked} CurvesAsked */
/** @typedef {import('../../payloads').CurvesFound} CurvesFound */
/** @typedef {import('../../payloads').MetricInfo} MetricInfo */
/** @typedef {import('./series.js').KnownRun} KnownRun */
/**
 * What an answer changed. `isFresh`: some run came anew; `missing`: ids of runs that are gone.
 * @typedef {{isFresh: boolean, missing: string[]}} News
 */
/**
 * @typedef {object} Source
 * @property {Element} element asks while this is in the page
 * @property {import('../call.js').ServerFunction<CurvesAsked, CurvesFound>} curves the server function
 * @property {Record<string, MetricInfo>} infos titles known beforehand
 * @property {(news: News) => void} told
 */

const WHILE_LIVE = 1000; // ms
const WHILE_QUEUED = 2000;
const WHILE_IDLE = 10_000;
const WITHOUT_RUNS = 60_000;
/** Of a metric that nobody described yet: behind all others. */
const UNKNOWN = {unit: '', from_zero: false, panel: 'Losses and steps', place: 100};

/** @param {KnownRun[]} runs */
function pause(runs) {
  if (runs.some(run => run.live)) return WHILE_LIVE;
  return runs.some(run => run.status === 'queued') ? WHILE_QUEUED : WHILE_IDLE;
}

export class CurveStore {
  /** @type {Map<string, KnownRun>} */
  #runs = new Map();
  /** @type {Record<string, MetricInfo>} */
  #infos;
  /** @type {string[]} */
  #ids = [];
  /** @type {string[] | null} */
  #metrics = null;
  #turn = 0;

  /** @param {Source} source */
  constructor({element, curves, infos, told}) {
    this.#infos = {...infos};
    this.wake = poll(element, WHILE_LIVE, () => this.#ask(curves, told));
  }

  /** @param {string} id */
  get(id) {
    return this.#runs.get(id);
  }

  /**
   * Title, unit and tooltip of a metric.
   * @param {string} metric
   * @returns {MetricInfo}
   */
  info(metric) {
    return this.#infos[metric] ?? {...UNKNOWN, title: metric, about: metric};
  }

  /**
   * What is asked for from now on, at once if it is something else than before.
   * @param {string[]} ids
   * @param {string[] | null} metrics null: all
   * @returns {boolean} whether it is something else
   */
  select(ids, metrics) {
    const hasOthers = JSON.stringify(metrics) !== JSON.stringify(this.#metrics);
    if (!hasOthers && JSON.stringify(ids) === JSON.stringify(this.#ids)) return false;
    if (hasOthers) this.#startAnew(metrics);
    this.#ids = ids;
    this.#metrics = metrics;
    this.#turn++;
    this.wake();
    return true;
  }

  /**
   * A cursor counts for the metrics it was asked with. Where metrics are only added, what is known stays
   * until the answer.
   * @param {string[] | null} metrics
   */
  #startAnew(metrics) {
    const hasAll = metrics === null || this.#metrics?.every(metric => metrics.includes(metric));
    if (!hasAll) this.#runs.clear();
    for (const [id, run] of this.#runs) this.#runs.set(id, {...run, cursor: ''});
  }

  /** @param {Source['curves']} curves @param {Source['told']} told */
  async #ask(curves, told) {
    if (!this.#ids.length) return WITHOUT_RUNS;
    const turn = this.#turn;
    const ids = this.#ids;
    /** @type {[string, string][]} */
    const runs = ids.map(id => [id, this.get(id)?.cursor ?? '']);
    const answer = await call(curves, {runs, names: this.#metrics});
    if (turn !== this.#turn) return 0;
    this.#take(answer, told);
    return pause(ids.map(id => this.get(id)).filter(run => run !== undefined));
  }

  /** @param {CurvesFound} answer @param {Source['told']} told */
  #take(answer, told) {
    const news = {isFresh: false, missing: /** @type {string[]} */ ([])};
    let hasChanged = false;
    for (const update of answer.runs) {
      if ('missing' in update) {
        news.missing.push(update.id);
        continue;
      }
      Object.assign(this.#infos, update.info);
      const absorbed = absorb(this.get(update.id), update, metric => metric in this.#infos, Date.now());
      this.#runs.set(update.id, absorbed.run);
      news.isFresh ||= absorbed.isFresh;
      hasChanged ||= absorbed.hasChanged;
    }
    if (news.isFresh || hasChanged || news.missing.length) told(news);
  }
}
