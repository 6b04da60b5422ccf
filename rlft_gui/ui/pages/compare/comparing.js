// What Compare holds and how that changes: asks Python, follows while answers are written, keeps the
// address true.
import {asked as addressLine, remember} from '../../components/address.js';
import {NoAnswer, call, sentence} from '../../components/call.js';
import {poll} from '../../components/poll.js';
import {say} from '../../components/say.js';
import {Choices} from './choices.js';
import {NEWEST, drawnAnew, stepped} from './draws.js';
import {endpointModel, endpointProblem, keepEndpoints, knownEndpoints, trusted} from './endpoints.js';
import {exportAs} from './export_menu.js';
import {usualShow} from './film_words.js';
import {askedBy, emptyForm, filledFrom, unique} from './form_state.js';
import {isOver, outcome} from './pane_words.js';
import {addressed, addressedMark, isAskedByOurs, wishIn} from './query.js';

/** @typedef {import('../../payloads').ComparisonView} ComparisonView */
/** @typedef {import('../../payloads').EarlierComparison} EarlierComparison */
/** @typedef {import('../../payloads').SamplingField} SamplingField */
/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('./field.js').Problems} Problems */
/** @typedef {import('./form_state.js').FormState} FormState */
/** @typedef {import('./models.js').Typing} Typing */
/** @typedef {import('./pane_words.js').Answered} Answered */

const PAUSE = 200; // ms between looks at answers that are being written
const NO_MODEL = 'No model is chosen. Add the base or a run.';
const NO_FITTING = 'Nothing fits to be asked by itself: type a prompt, then Run.';
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
  isMore = false;
  /** What is typed to go on with. */
  next = '';
  /** Which of several answers is shown. */
  draws = NEWEST;
  /** Endpoints of a link that were left out. @type {string[]} */
  #leftOut = [];
  /** An endpoint that is being typed. @type {Typing | null} */
  typing = null;
  /** The comparison that was deleted last. @type {string | null} */
  deleted = null;

  /**
   * @param {object} page
   * @param {HTMLElement} page.root
   * @param {Server} page.server
   * @param {SamplingField[]} page.fields
   * @param {number} page.most prompts at once
   * @param {boolean} page.isTyped whether prompts may be typed
   * @param {() => void} page.draw
   */
  constructor({root, server, fields, most, isTyped, draw}) {
    this.root = root;
    this.server = server;
    this.fields = fields;
    this.most = most;
    this.isTyped = isTyped;
    this.draw = draw;
    this.form = emptyForm(fields);
    const {against, show} = wishIn(addressLine());
    this.against = against;
    this.#show = show;
  }

  /** @type {import('./query.js').Show | null} */
  #show;

  /** Without the one that is shown. */
  get earlier() {
    return this.#recent.filter(({id}) => id !== this.shown?.comparison.id);
  }

  /** How checkpoints of one run are shown. */
  get show() {
    const film = this.shown?.film;
    return film ? (this.#show ?? usualShow(film)) : 'panes';
  }

  get adding() {
    return {
      known: knownEndpoints(localStorage),
      leftOut: this.#leftOut.filter(model => !this.form.models.includes(model)),
      typing: this.typing,
      type: this.typeEndpoint,
      add: this.addEndpoint,
    };
  }

  /** What the address asks for: a comparison as it stands, or models and a prompt to begin with. */
  async open() {
    const words = addressLine();
    const wish = wishIn(words);
    const [choices, recent, stored] = await Promise.all([
      call(this.server.compare_choices, {models: wish.film ? [wish.film] : wish.models}),
      call(this.server.compare_recent, {}),
      this.#stored(wish.comparison),
    ]);
    this.choices = new Choices(choices);
    this.#recent = recent.comparisons;
    if (stored?.view) this.#restore(this.choices, stored.view);
    else this.#begin(this.choices, wish, stored?.problem);
    this.draw();
    // Without those of its models that were left out, it would not be what the link asks for.
    const isWhole = !stored && !this.#leftOut.length;
    if (isWhole && isAskedByOurs(words, document.referrer, location.origin)) await this.#answer(wish.film);
  }

  /** At once, if there is a prompt that fits. @param {string} film */
  async #answer(film) {
    if (this.form.prompt) await this.run(film || null);
    else this.#refuse({prompt: NO_FITTING});
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
    keepEndpoints(localStorage, this.form.models);
    void this.#fitPrompts();
    this.#display(view);
    if (this.isBusy) this.#follow(view.comparison.id);
  }

  /** @param {Choices} choices @param {import('./query.js').Wish} wish @param {string} [problem] */
  #begin(choices, {models, film, prompt}, problem) {
    const asked = trusted(film ? ['base', film] : unique(models), knownEndpoints(localStorage));
    this.form = {
      ...this.form,
      models: asked.models.length || models.length ? asked.models : choices.proposed,
      prompt: prompt ?? choices.firstPrompt,
    };
    this.#leftOut = asked.strange;
    const told = problem ?? asked.problem;
    if (told) this.problems = {models: told};
  }

  /** @param {Partial<FormState>} changes */
  change = changes => {
    this.form = {...this.form, ...changes};
    remember(addressed(this.form, null));
    if (changes.models) void this.#fitPrompts();
    this.draw();
  };

  /** Asks which prompts fit the models that are chosen now. */
  async #fitPrompts() {
    const {models} = this.form;
    const offer = await call(this.server.compare_prompts, {models}).catch(() => null);
    if (!offer || models !== this.form.models || !this.choices) return; // others were chosen since
    this.choices.offered(offer);
    this.draw();
  }

  /** @param {Typing | null} typing */
  typeEndpoint = typing => {
    const isOpened = typing !== null && this.typing === null;
    this.typing = typing;
    this.draw();
    if (isOpened)
      /** @type {HTMLElement | null} */ (this.root.querySelector('#compare-endpoint-name'))?.focus();
  };

  addEndpoint = () => {
    if (!this.typing) return;
    const {name, url} = this.typing;
    const problem = endpointProblem(name, url);
    if (problem) {
      this.typeEndpoint({...this.typing, problem});
      return;
    }
    const model = endpointModel(name, url);
    keepEndpoints(localStorage, [model]);
    this.typing = null;
    if (this.#leftOut.includes(model)) this.problems = {};
    this.change({models: unique([...this.form.models, model])});
  };

  /** @param {boolean} isMore */
  showMore = isMore => {
    if (isMore === this.isMore) return;
    this.isMore = isMore;
    this.draw();
  };

  /** @param {import('./query.js').Against} against */
  markAgainst = against => {
    this.against = against;
    remember(addressedMark(against));
    this.draw();
  };

  /** @param {string} show */
  showAs = show => {
    this.#show = /** @type {import('./query.js').Show} */ (show);
    remember({show});
    this.draw();
  };

  /** @param {Answered} answered @param {1 | -1} by */
  stepDraw = ({draws, answer}, by) => {
    this.draws = stepped(this.draws, draws, answer, by);
    this.draw();
  };

  /** One seed in all panes. @param {number} draw */
  showSeed = draw => {
    this.draws = {draw, picked: {}};
    this.draw();
  };

  /** @param {string | null} [film] */
  run = async (film = null) => {
    // Enter in the prompt comes here too, and a second one before the first was answered must not ask again.
    if (!this.choices || this.isBusy) return;
    const asked = askedBy(this.form, this.fields, film);
    if (!asked.models?.length && !film) {
      this.#refuse({models: NO_MODEL});
      return;
    }
    await this.#ask(async () => {
      const {view, problems} = await call(this.server.compare_start, asked);
      if (!view) this.#refuse(problems);
      else {
        if (film) this.#filmed(view);
        this.#started(view, asked.prompts);
      }
    }, 'models');
  };

  /** @param {ComparisonView} view */
  #filmed(view) {
    this.form = filledFrom(this.form, view.comparison);
    this.#show = 'steps';
    remember({show: 'steps'});
  }

  /** The next turn, in all panes. */
  goOn = async () => {
    const id = this.shown?.comparison.id;
    if (!id || this.isBusy) return;
    if (!this.next.trim()) {
      this.#refuse({follow: 'There is no prompt yet. Type what to ask next.'});
      return;
    }
    await this.#ask(async () => {
      const view = await call(this.server.compare_follow, {id, prompt: this.next});
      this.next = '';
      this.#grown(view);
    }, 'follow');
  };

  /** @param {string} text */
  typeNext = text => {
    this.next = text;
    this.draw();
  };

  /** Draws anew what a pane says to a prompt. @param {Answered} answered */
  again = ({answer}) => this.#drawAgain({pane: answer.pane, prompt_index: answer.prompt_index});

  /**
   * Scores came. This comparison may have grown since they were asked for, or another be shown.
   * @param {ComparisonView} view
   */
  scored = view => {
    const seen = this.shown?.comparison;
    if (seen?.id !== view.comparison.id || seen.version > view.comparison.version) return;
    if (!isOver(seen)) this.isBusy = !isOver(view.comparison);
    this.shown = view;
    this.draw();
  };

  /** Draws anew what all panes say. */
  allAgain = () => this.#drawAgain({});

  /** @param {{pane?: number, prompt_index?: number}} which */
  async #drawAgain({pane = undefined, prompt_index = undefined}) {
    const id = this.shown?.comparison.id;
    if (!id || this.isBusy) return;
    await this.#ask(async () => {
      const view = await call(this.server.compare_again, {id, pane, prompt_index});
      this.draws = drawnAnew(this.draws, view.comparison, {pane, prompt_index});
      this.#grown(view);
    }, 'models');
  }

  /** @param {() => Promise<void>} asking @param {string} field where a problem is told */
  async #ask(asking, field) {
    this.problems = {};
    this.isBusy = true;
    this.draw();
    try {
      await asking();
    } catch (error) {
      this.#refuse({[field]: error instanceof NoAnswer && error.told ? error.message : SILENT});
    }
  }

  stop = async () => {
    if (!this.shown) return;
    try {
      await call(this.server.compare_stop, {id: this.shown.comparison.id});
    } catch (error) {
      this.#tell(error);
    }
  };

  /** @param {import('./export_menu.js').Format} format */
  take = async format => {
    if (!this.shown) return;
    await exportAs(this.server, this.shown.comparison.id, format).catch(error => this.#tell(error));
  };

  remove = async () => {
    const id = this.shown?.comparison.id;
    if (!id) return;
    try {
      await call(this.server.compare_delete, {id});
    } catch (error) {
      this.#tell(error);
      return;
    }
    this.shown = null;
    this.isBusy = false;
    this.deleted = id;
    remember(addressed(this.form, null));
    say('Deleted.');
    await this.#listRecent();
  };

  undoRemove = async () => {
    if (!this.deleted) return;
    try {
      const view = await call(this.server.compare_restore, {id: this.deleted});
      this.deleted = null;
      remember(addressed(this.form, view.comparison.id));
      this.#display(view);
      this.draw();
      await this.#listRecent();
    } catch (error) {
      this.#tell(error);
    }
  };

  /** @param {unknown} error */
  #tell(error) {
    this.problems = {models: sentence(error)};
    this.draw();
  }

  /** @param {ComparisonView} view @param {readonly string[]} prompts */
  #started(view, prompts) {
    this.draws = NEWEST;
    this.deleted = null;
    keepEndpoints(localStorage, this.form.models);
    this.#grown(view);
    remember(addressed({models: this.form.models, prompt: prompts[0]}, view.comparison.id));
    void this.#listRecent();
  }

  /** @param {ComparisonView} view */
  #grown(view) {
    this.#display(view);
    this.draw();
    this.#follow(view.comparison.id);
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
  #display(view) {
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
        this.#display(view);
        this.draw();
      }
      return this.#followed(id) ? PAUSE : false;
    });
  }
}
