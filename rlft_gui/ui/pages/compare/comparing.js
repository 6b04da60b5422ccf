// What Compare holds and how that changes: asks Python, follows while answers are written, keeps the
// address true.
import {asked as addressLine, remember} from '../../components/address.js';
import {NoAnswer, call, sentence} from '../../components/call.js';
import {poll} from '../../components/poll.js';
import {say} from '../../components/say.js';
import {Choices} from './choices.js';
import {askedBy, emptyForm, filledFrom, unique} from './form_state.js';
import {isOver, outcome} from './pane_words.js';
import {addressed, addressedMark, isAskedByOurs, wishIn} from './query.js';

/** @typedef {import('../../payloads').ComparisonView} ComparisonView */
/** @typedef {import('../../payloads').EarlierComparison} EarlierComparison */
/** @typedef {import('../../payloads').SamplingField} SamplingField */
/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('./field.js').Problems} Problems */
/** @typedef {import('./form_state.js').FormState} FormState */

const PAUSE = 200; // ms between looks at answers that are being written
const NO_MODEL = 'No model is chosen. Add the base or a run.';
const SILENT = 'The app did not answer, so nothing was started. Try again.';

export class Comparing {
  /** null until Python said what can be chosen. @type {Choices | null} */
  choices = null;
  /** @type {ComparisonView | null} */
  shown = null;
  /** @type {EarlierComparison[]} */
  #recent = [];
  /** @type {Problems} */
  problems = {};
  isBusy = false;

  /**
   * @param {{root: HTMLElement, server: Server, fields: SamplingField[], draw: () => void}} page
   */
  constructor({root, server, fields, draw}) {
    this.root = root;
    this.server = server;
    this.fields = fields;
    this.draw = draw;
    this.form = emptyForm(fields);
    this.against = wishIn(addressLine()).against;
  }

  /** Without the one that is shown. */
  get earlier() {
    return this.#recent.filter(({id}) => id !== this.shown?.comparison.id);
  }

  /** What the address asks for: a comparison as it stands, or models and a prompt to begin with. */
  async open() {
    const words = addressLine();
    const wish = wishIn(words);
    const [choices, recent, stored] = await Promise.all([
      call(this.server.compare_choices, {}),
      call(this.server.compare_recent, {}),
      this.#stored(wish.comparison),
    ]);
    this.choices = new Choices(choices);
    this.#recent = recent.comparisons;
    if (stored?.view) this.#restore(this.choices, stored.view);
    else this.#begin(this.choices, wish, stored?.problem);
    this.draw();
    if (!stored && isAskedByOurs(words, document.referrer, location.origin)) await this.run();
  }

  /** @param {string} id @returns {Promise<{view?: ComparisonView | null, problem?: string} | null>} */
  async #stored(id) {
    if (!id) return null;
    const asked = call(this.server.compare_poll, {id, version: 0});
    return asked.catch(error => ({problem: sentence(error)}));
  }

  /** @param {Choices} choices @param {ComparisonView} view */
  #restore(choices, view) {
    choices.learn(Object.values(view.runs));
    this.form = filledFrom(this.form, view.comparison);
    this.#show(view);
    if (this.isBusy) this.#follow(view.comparison.id);
  }

  /** @param {Choices} choices @param {import('./query.js').Wish} wish @param {string} [problem] */
  #begin(choices, {models, prompt}, problem) {
    this.form = {
      ...this.form,
      models: models.length ? unique(models) : choices.proposed,
      prompt: prompt ?? choices.firstPrompt,
    };
    if (problem) this.problems = {models: problem};
  }

  /** @param {Partial<FormState>} changes */
  change = changes => {
    this.form = {...this.form, ...changes};
    remember(addressed(this.form, null));
    this.draw();
  };

  /** @param {import('./query.js').Against} against */
  markAgainst = against => {
    this.against = against;
    remember(addressedMark(against));
    this.draw();
  };

  run = async () => {
    // Enter in the prompt comes here too, and a second one before the first was answered must not ask again.
    if (!this.choices || this.isBusy) return;
    const asked = askedBy(this.form, this.choices);
    if (!asked.models.length) {
      this.#refuse({models: NO_MODEL});
      return;
    }
    this.problems = {};
    this.isBusy = true;
    this.draw();
    try {
      const {view, problems} = await call(this.server.compare_start, asked);
      if (view) this.#started(view, asked);
      else this.#refuse(problems);
    } catch (error) {
      this.#refuse({models: error instanceof NoAnswer && error.told ? error.message : SILENT});
    }
  };

  stop = async () => {
    if (!this.shown) return;
    try {
      await call(this.server.compare_stop, {id: this.shown.comparison.id});
    } catch (error) {
      this.problems = {models: sentence(error)};
      this.draw();
    }
  };

  /** @param {ComparisonView} view @param {{models: string[], prompt: string}} asked */
  #started(view, asked) {
    const {id} = view.comparison;
    this.#show(view);
    this.draw();
    remember(addressed(asked, id));
    this.#follow(id);
    void this.#listRecent();
  }

  async #listRecent() {
    try {
      this.#recent = (await call(this.server.compare_recent, {})).comparisons;
      this.draw();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error; // else the older list stays
    }
  }

  /** @param {Problems} problems */
  #refuse(problems) {
    this.problems = problems;
    this.isBusy = false;
    this.draw();
    const names = Object.keys(problems).map(name => CSS.escape(`compare-${name}`));
    const first = names.map(id => this.root.querySelector(`.rl-inp#${id}`)).find(Boolean);
    /** @type {HTMLElement | undefined} */ (first)?.focus();
  }

  /** @param {ComparisonView} view */
  #show(view) {
    const isNew = this.shown?.comparison.id !== view.comparison.id;
    this.shown = view;
    this.isBusy = !isOver(view.comparison);
    if (!this.isBusy && !isNew) say(outcome(view.comparison));
  }

  /** The comparison that is shown, if it is this one and still being written. @param {string} id */
  #followed(id) {
    const comparison = this.shown?.comparison;
    return comparison?.id === id && !isOver(comparison) ? comparison : null;
  }

  /** Until every answer is complete; a newer comparison ends it. @param {string} id */
  #follow(id) {
    poll(this.root, PAUSE, async () => {
      const before = this.#followed(id);
      if (!before) return false;
      const {view} = await call(this.server.compare_poll, {id, version: before.version});
      if (view && this.#followed(id)) {
        this.#show(view);
        this.draw();
      }
      return this.#followed(id) ? PAUSE : false;
    });
  }
}
