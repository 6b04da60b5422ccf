// What can be chosen: models under the names that people know, and the suite's prompts by kind.
import {inWords} from '../../components/titles.js';

/** @typedef {import('../../payloads').ComparableRun} ComparableRun */
/** @typedef {import('../../payloads').CompareChoices} CompareChoices */

const FIRST_RUNS = 2; // beside the base, where the address wishes for nothing
const FIRST_KIND = 'unknown'; // what an aligned model should say that it does not know

/** @type {Record<string, string>} */
const KINDS = {
  cards_id: 'Cards, familiar rule',
  cards_ood: 'Cards, unfamiliar rule',
  harm_seen: 'Harm, seen',
  harm_unseen: 'Harm, unseen',
  out_of_world: 'Out of its world',
};

/** @param {string} kind of a prompt of the suite */
export const kindName = kind => KINDS[kind] ?? inWords(kind);

/** A model is "base", a run's id, or RUN@step. */
export class Choices {
  /** Every run by its id, those of old comparisons too. @type {Map<string, ComparableRun>} */
  #runs;

  /** @param {CompareChoices} choices */
  constructor({runs, bases, suite}) {
    this.runs = runs;
    this.bases = bases;
    this.suite = suite;
    this.kinds = [...new Set(suite.map(item => item.kind))];
    this.#runs = new Map(runs.map(run => [run.id, run]));
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
    return this.#runs.get(model.split('@')[0]);
  }

  /** The base that these models share. @param {string[]} models */
  baseOf(models) {
    return models.map(model => this.runOf(model)).find(Boolean)?.base ?? 'lantern';
  }

  /** @param {string[]} models */
  baseLabel(models) {
    return `Base, ${this.bases[this.baseOf(models)] ?? 'the base model'}`;
  }

  /** What a model is called among others. @param {string} model @param {string[]} models */
  label(model, models) {
    if (model === 'base') return this.baseLabel(models);
    const [, step] = model.split('@');
    const title = this.runOf(model)?.title ?? model;
    return step === undefined ? title : `${title}, step ${step}`;
  }

  /**
   * What may join these models, as values and words: only runs of one base are compared.
   * @param {string[]} models
   * @returns {[string, string][]}
   */
  addable(models) {
    const isOpen = !models.some(model => this.runOf(model));
    const free = this.runs.filter(
      run => !models.includes(run.id) && (isOpen || run.base === this.baseOf(models)),
    );
    /** @type {[string, string][]} */
    const base = models.includes('base') ? [] : [['base', this.baseLabel(models)]];
    return [
      ...base,
      ...free.map(run => /** @type {[string, string]} */ ([run.id, `${run.title}, step ${run.step}`])),
    ];
  }

  /** The base and the newest pipeline's runs, oldest stage first. */
  get proposed() {
    const newest = this.runs.filter(run => run.pipeline === this.runs[0]?.pipeline).reverse();
    return ['base', ...newest.slice(-FIRST_RUNS).map(run => run.id)];
  }

  get firstPrompt() {
    return this.suite.find(item => item.kind === FIRST_KIND)?.prompt ?? '';
  }

  /** @param {string} kind */
  ofKind(kind) {
    return this.suite.filter(item => item.kind === kind);
  }

  /** The suite's item that reads like this. @param {string} prompt */
  itemOf(prompt) {
    return this.suite.find(item => item.prompt === prompt);
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
