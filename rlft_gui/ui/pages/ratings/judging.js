// A judge that votes on the pairs of a set: chosen, begun by a press and by nothing else, followed, stopped.
import {call, sentence} from '../../components/call.js';
import {valueOf} from '../../components/controls/typed.js';
import {poll} from '../../components/poll.js';
import {say} from '../../components/say.js';
import {GONE, ending, isAtWork, mostIn} from './judging_words.js';

/** @typedef {import('../../payloads').JudgeAtWork} JudgeAtWork */
/** @typedef {import('../../components/controls/typed.js').Typed} Typed */

const EVERY = 1000; // ms between two looks at how far it is
const RATE_EVERY = 5000; // ms between two ratings while votes come; each counts all votes anew

export class Judging {
  /** The set that is shown. */
  votes = '';
  /** @type {JudgeAtWork | null} */
  work = null;
  /** Who can be asked; null until the form is opened. @type {import('../../payloads').JudgingForm | null} */
  form = null;
  isOpen = false;
  /** @type {Typed | undefined} */
  judge = undefined;
  url = '';
  most = '';
  problem = '';
  isBusy = false;
  #isFollowed = false;
  #rated = {done: 0, at: 0};

  /**
   * @param {object} page
   * @param {HTMLElement} page.root
   * @param {import('../../payloads').Server} page.server
   * @param {() => void} page.draw
   * @param {() => void} page.rate asks for the ratings anew
   */
  constructor({root, server, draw, rate}) {
    this.root = root;
    this.server = server;
    this.draw = draw;
    this.rate = rate;
  }

  /**
   * Which set is shown, and the judge at work in it.
   * @param {string} votes
   * @param {JudgeAtWork | null} work
   */
  show(votes, work) {
    if (votes !== this.votes)
      Object.assign(this, {form: null, isOpen: false, judge: undefined, most: '', problem: ''});
    this.votes = votes;
    this.work = work;
    if (isAtWork(work)) this.#follow();
  }

  open = () =>
    this.#act(async () => {
      this.isOpen = true;
      this.form ??= await call(this.server.judging_form, {votes: this.votes});
    }, 'judging-judge');

  close = () => {
    this.type({isOpen: false, problem: ''});
    focus('judging-open');
  };

  /** @param {Partial<Pick<Judging, 'judge' | 'url' | 'most' | 'isOpen' | 'problem'>>} changes */
  type = changes => {
    Object.assign(this, changes);
    this.draw();
  };

  /** The judge that is chosen, as Python reads it. */
  get chosen() {
    return this.form ? String(valueOf(this.form.judge, this.judge)) : '';
  }

  start = () =>
    this.#act(async () => {
      const {votes, chosen: judge, url} = this;
      const {work} = await call(this.server.judging_start, {votes, judge, url, most: mostIn(this.most)});
      this.isOpen = false;
      this.#rated = {done: 0, at: Date.now()};
      this.#take(work);
      this.#follow();
    }, 'judging-stop');

  stop = () =>
    this.#act(async () => {
      const {work} = await call(this.server.judging_stop, {votes: this.votes});
      this.#take(work);
    }, 'judging-open');

  /** @param {'all' | 'unsure'} asked */
  share = asked =>
    this.#act(async () => {
      await call(this.server.judging_share, {votes: this.votes, asked});
      this.rate();
    });

  /** @param {() => Promise<void>} act @param {string} [next] the id of what has the focus once it is done */
  async #act(act, next) {
    this.isBusy = true;
    this.problem = '';
    this.draw();
    try {
      await act();
    } catch (error) {
      this.problem = sentence(error);
    }
    this.isBusy = false;
    this.draw();
    if (next && !this.problem) focus(next);
  }

  #follow() {
    if (this.#isFollowed) return;
    this.#isFollowed = true;
    poll(this.root, EVERY, () => this.#look());
  }

  async #look() {
    const {votes} = this;
    const {work} = await call(this.server.judging_now, {votes});
    if (votes === this.votes) {
      if (isAtWork(this.work) && !work) this.problem = GONE;
      this.#take(work);
    }
    this.#isFollowed = isAtWork(this.work);
    return this.#isFollowed ? undefined : false;
  }

  /** @param {JudgeAtWork | null} work */
  #take(work) {
    const hasEnded = isAtWork(this.work) && !isAtWork(work);
    this.work = work;
    if (work && hasEnded) say(ending(work).title);
    this.draw();
    const done = work?.done ?? 0;
    const isDue = done !== this.#rated.done && Date.now() - this.#rated.at > RATE_EVERY;
    if (!hasEnded && !isDue) return;
    this.#rated = {done, at: Date.now()};
    this.rate();
  }
}

/** What was pressed is gone, and with it the focus. @param {string} id */
const focus = id => document.getElementById(id)?.focus();
