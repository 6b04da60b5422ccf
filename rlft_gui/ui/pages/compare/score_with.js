// What the answers that are shown are to be scored with, and how that goes: a reward model, rules, a judge,
// each when somebody asks for it. What is typed here stands in no address, so that no link asks a judge.
import {NoAnswer, call} from '../../components/call.js';
import {say} from '../../components/say.js';
import {EMPTY, judgeIn, typedTerms} from '../../components/scorers/typed.js';

/** @typedef {import('../../payloads').ComparisonScoreAsked} ComparisonScoreAsked */
/** @typedef {import('../../payloads').ScoreChoices} ScoreChoices */
/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('./comparing.js').Comparing} Comparing */
/** @typedef {'model' | 'terms' | 'judge'} Way */

/** @type {Record<Way, string>} */
const MISSING = {
  model: 'No reward model is chosen. Choose one.',
  terms: 'There is no rule yet. Type one, e.g. length:5-60.',
  judge: 'No judge is named. Type base, or another model.',
};
const SILENT = 'The app did not answer, so nothing was scored. Try again.';

export class ScoreWith {
  isOpen = false;
  /** null until somebody opened it. @type {ScoreChoices | null} */
  choices = null;
  /** What draws it, fetched by whoever opens it first. @type {typeof import('./score_form.js') | null} */
  #form = null;
  model = '';
  typed = EMPTY;
  /** @type {import('../../components/scorers/fields.js').Problems} */
  problems = {};
  /** The way that is under way. @type {Way | null} */
  asking = null;

  /** @param {{server: Server, comparing: Comparing, draw: () => void}} page */
  constructor({server, comparing, draw}) {
    this.server = server;
    this.comparing = comparing;
    this.draw = draw;
  }

  toggle = async () => {
    this.isOpen = !this.isOpen;
    this.draw();
    if (!this.isOpen || this.choices) return;
    try {
      [this.#form, this.choices] = await Promise.all([
        import('./score_form.js'),
        call(this.server.score_choices, {}),
      ]);
      this.model = this.choices.models[0]?.id ?? '';
      this.problems = {};
    } catch (error) {
      this.#refuse('open', error);
    }
    this.draw();
  };

  get view() {
    const base = this.comparing.shown?.comparison.base;
    return this.isOpen ? (this.#form?.scoreForm(this, base === 'lantern') ?? null) : null;
  }

  /** @param {string} model */
  choose = model => {
    this.model = model;
    this.draw();
  };

  /** @param {Partial<ScoreWith['typed']>} changes */
  type = changes => {
    this.typed = {...this.typed, ...changes};
    this.draw();
  };

  byModel = () => this.#score('model', this.model ? {run: this.model} : null);

  byRules = () => {
    const terms = typedTerms(this.typed.terms);
    return this.#score('terms', terms.length ? {terms} : null);
  };

  byJudge = () => {
    const judge = judgeIn(this.typed);
    return this.#score('judge', judge && {judge});
  };

  /** @param {Way} way @param {Omit<ComparisonScoreAsked, 'id'> | null} asked */
  async #score(way, asked) {
    const id = this.comparing.shown?.comparison.id;
    if (!id || this.asking) return;
    this.problems = {...this.problems, [way]: asked ? '' : MISSING[way]};
    this.asking = asked ? way : null;
    this.draw();
    if (!asked) return;
    try {
      this.comparing.scored(await call(this.server.compare_score, {id, ...asked}));
      say('The answers are scored.');
    } catch (error) {
      this.#refuse(way, error);
    }
    this.asking = null;
    this.draw();
  }

  /** @param {Way | 'open'} place @param {unknown} error */
  #refuse(place, error) {
    const sentence = error instanceof NoAnswer && error.told ? error.message : SILENT;
    this.problems = {...this.problems, [place]: sentence};
  }
}
