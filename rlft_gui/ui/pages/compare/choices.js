// What can be chosen: models under the names that people know, and prompts by kind.
import {endpointLabel, isEndpoint} from './endpoints.js';

/** @typedef {import('../../payloads').ComparableRun} ComparableRun */
/** @typedef {import('../../payloads').CompareChoices} CompareChoices */
/** @typedef {import('../../payloads').PromptOffer} PromptOffer */
/** @typedef {[string, string][]} Options values and words */

const FIRST_RUNS = 2; // beside the base, where the address wishes for nothing
const FIRST_KIND = 'unknown'; // what an aligned model should say that it does not know

const NAMED = 'base:';

/** Whether a model is a base, the shared one or one by its name. @param {string} model */
export const isBase = model => model === 'base' || model.startsWith(NAMED);

/** A model is "base", "base:NAME", a run's id, RUN@step, or "endpoint:MODEL@ADDRESS". */
export class Choices {
  /** Every run by its id, those of old comparisons too. @type {Map<string, ComparableRun>} */
  #runs;

  /** @param {CompareChoices} choices */
  constructor({runs, bases, offer}) {
    this.runs = runs;
    this.bases = bases;
    this.#runs = new Map(runs.map(run => [run.id, run]));
    this.offer = offer;
    this.kinds = /** @type {string[]} */ ([]);
    this.offered(offer);
  }

  /** Other prompts, for other models. @param {PromptOffer} offer */
  offered(offer) {
    this.offer = offer;
    this.kinds = [...new Set(offer.prompts.map(item => item.kind))];
  }

  /**
   * Runs that an old comparison names; they may have lost their checkpoints since.
   * @param {(ComparableRun | null)[]} runs
   */
  learn(runs) {
    for (const run of runs) if (run && !this.#runs.has(run.id)) this.#runs.set(run.id, run);
  }

  /** @param {string} model */
  runOf(model) {
    return isBase(model) || isEndpoint(model) ? undefined : this.#runs.get(model.split('@')[0]);
  }

  /** The bases of these models' runs. @param {string[]} models */
  #basesOf(models) {
    return [...new Set(models.map(model => this.runOf(model)?.base).filter(base => base !== undefined))];
  }

  /** What "base" means among these models. @param {string[]} models */
  baseOf(models) {
    return this.#basesOf(models)[0] ?? 'lantern';
  }

  /** @param {string} base */
  #baseLabel(base) {
    return `Base, ${this.bases[base] ?? base}`;
  }

  /** What a model is called among others. @param {string} model @param {string[]} models */
  label(model, models) {
    if (model === 'base') return this.#baseLabel(this.baseOf(models));
    if (isBase(model)) return this.#baseLabel(model.slice(NAMED.length));
    if (isEndpoint(model)) return endpointLabel(model);
    const [, step] = model.split('@');
    const title = this.runOf(model)?.title ?? model;
    return step === undefined ? title : `${title}, step ${step}`;
  }

  /** The steps that a model's run can answer from; none for what is no run. @param {string} model */
  stepsOf(model) {
    return this.runOf(model)?.steps ?? [];
  }

  /**
   * Models with one more. Beside runs of several bases "base" is called by its name.
   * @param {string[]} models
   * @param {string} added
   */
  joined(models, added) {
    const meant = this.baseOf(models);
    const all = [...models, added];
    const isClear = this.#basesOf(all).every(base => base === meant) || !this.#basesOf(models).length;
    return isClear ? all : all.map(model => (model === 'base' ? `${NAMED}${meant}` : model));
  }

  /** The runs that may join these models. @param {string[]} models @returns {Options} */
  addableRuns(models) {
    const free = this.runs.filter(run => !models.includes(run.id));
    return free.map(run => [run.id, `${run.title}, step ${run.step}`]);
  }

  /** The bases that may join these models. @param {string[]} models @returns {Options} */
  addableBases(models) {
    const own = this.#basesOf(models);
    const shared = own.length > 1 ? null : this.baseOf(models);
    return Object.keys(this.bases)
      .map(
        base =>
          /** @type {[string, string]} */ ([base === shared ? 'base' : NAMED + base, this.#baseLabel(base)]),
      )
      .filter(([model]) => !models.includes(model));
  }

  /** The base and the newest pipeline's runs, oldest stage first. */
  get proposed() {
    const newest = this.runs.filter(run => run.pipeline === this.runs[0]?.pipeline).reverse();
    return ['base', ...newest.slice(-FIRST_RUNS).map(run => run.id)];
  }

  get firstPrompt() {
    const {prompts, source} = this.offer;
    const first = source === 'suite' ? prompts.find(item => item.kind === FIRST_KIND) : prompts[0];
    return first?.prompt ?? '';
  }

  /** @param {string} kind */
  ofKind(kind) {
    return this.offer.prompts.filter(item => item.kind === kind);
  }

  /** The offered prompt that reads like this. @param {string} prompt */
  itemOf(prompt) {
    return this.offer.prompts.find(item => item.prompt === prompt);
  }

  /**
   * The prompt behind this one among its kind, or the kind's first: a click each shows all.
   * @param {string} kind
   * @param {string} prompt
   */
  nextOfKind(kind, prompt) {
    const items = this.ofKind(kind);
    return items[(items.findIndex(item => item.prompt === prompt) + 1) % items.length].prompt;
  }
}
