// One person's votes in one set: what is on screen, what comes next, and what is done with each.
import {NoAnswer, call, sentence} from '../../components/call.js';
import {say} from '../../components/say.js';
import {Outbox, sendTo} from './outbox.js';
import {Refused} from './refused.js';
import {Stopwatch} from './stopwatch.js';
import {excess} from './words.js';

/** @typedef {import('../../payloads').BallotView} BallotView */
/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('../../payloads').VoteCast} VoteCast */
/** @typedef {import('../../payloads').VoteState} VoteState */
/** @typedef {import('./outbox.js').Entry} Entry */
/** @typedef {'a' | 'b'} Side */
/**
 * What is being said of the ballot on screen, before it is cast.
 * @typedef {object} Draft
 * @property {number} strength
 * @property {string} note
 * @property {boolean} isNoting
 * @property {'' | 'asked' | Side} editing whether the better answer is to be edited, and which it is
 * @property {string} text a critique or an edit
 * @property {boolean} isHeld whether it was to be sent, and cannot be
 * @property {Record<string, number>} points
 */

const PREFETCH = 4; // pairs, with the one on screen
const MOST = 20; // that may be asked for at once
const AGAIN = 2000; // ms
const USUAL_STRENGTH = 2;
const NOTHING_TO_UNDO = 'There is no vote of yours to undo.';
const MAY_HAVE_ARRIVED = 'This vote is on its way, so it can be undone once the app answers again.';

/** @returns {Draft} */
const empty = () => ({
  strength: USUAL_STRENGTH,
  note: '',
  isNoting: false,
  editing: '',
  text: '',
  isHeld: false,
  points: {},
});

export class Session {
  /** The first is on screen. @type {BallotView[]} */
  queue = [];
  /** @type {VoteState | null} */
  state = null;
  draft = empty();
  problem = '';
  isOver = false;
  /** Of the votes of this visit. @type {number[]} */
  seconds = [];
  #stopwatch = new Stopwatch();
  /** Ballots that were judged here. @type {Set<string>} */
  #done = new Set();
  /** @type {BallotView | null} */
  #last = null;
  #isFetching = false;
  #isWanted = false; // more pairs, while some are being fetched
  #isUndoing = false;
  #isStale = false; // what is at hand may have been judged elsewhere

  /**
   * @param {{server: Server, votes: string, rater: string, draw: () => void, shown: () => void,
   *   store: import('./outbox.js').Store}} given `shown` is called when another ballot stands on screen
   */
  constructor({server, votes, rater, draw, shown, store}) {
    this.server = server;
    this.votes = votes;
    this.rater = rater;
    this.draw = draw;
    this.shown = shown;
    const arrived = (/** @type {Entry} */ entry, /** @type {any} */ taken) => this.#arrived(entry, taken);
    this.outbox = new Outbox({send: sendTo(server), arrived, changed: draw, store});
    this.refused = new Refused(store);
    for (const {ballot} of this.outbox.entries) this.#done.add(ballot);
    document.addEventListener('visibilitychange', () => this.#stopwatch.turn());
  }

  /** @returns {BallotView | undefined} */
  get ballot() {
    return this.queue[0];
  }

  get question() {
    return this.state?.votes.question ?? 'pair';
  }

  /** Of this set, those that the app does not have yet. */
  get unsent() {
    return this.outbox.entries.filter(entry => entry.votes === this.votes && entry.cast).length;
  }

  get canUndo() {
    return Boolean(this.state?.last) || this.unsent > 0;
  }

  async open() {
    await this.outbox.flush();
    this.state = await call(this.server.vote_state, {votes: this.votes, rater: this.rater});
    await this.fetch();
    this.#next();
  }

  /** @param {Partial<Draft>} changes */
  change = changes => {
    this.draft = {...this.draft, ...changes};
    this.draw();
  };

  /** @param {Partial<VoteCast>} said */
  cast = said => {
    const ballot = this.ballot;
    if (!ballot) return;
    const seconds = this.#stopwatch.seconds;
    const {note, strength} = this.draft;
    /** @type {VoteCast} */
    const cast = {ballot: ballot.id, rater: this.rater, strength, text: note, seconds, ...said};
    this.problem = excess(cast.text ?? '', this.state?.longest ?? Infinity);
    if (this.problem) {
      this.draw();
      return;
    }
    this.seconds.push(seconds);
    this.#away({ballot: ballot.id, rater: this.rater, votes: this.votes, cast, at: Date.now()});
    say('Vote kept.');
  };

  skip = () => {
    const ballot = this.ballot;
    if (!ballot) return;
    this.#away({ballot: ballot.id, rater: this.rater, votes: this.votes, cast: null, at: Date.now()});
    say('Passed over.');
  };

  /** The pair goes from the screen at once; what was said of it is on its way. @param {Entry} entry */
  #away(entry) {
    this.problem = '';
    this.#done.add(entry.ballot);
    if (entry.cast) this.#last = this.ballot ?? null;
    this.queue = this.queue.slice(1);
    this.#next();
    this.outbox.put(entry);
  }

  undo = async () => {
    if (this.#isUndoing) return;
    if (!this.canUndo) {
      say(NOTHING_TO_UNDO);
      return;
    }
    this.#isUndoing = true;
    try {
      await this.#undone();
    } catch (error) {
      this.problem = error instanceof NoAnswer && error.lost ? MAY_HAVE_ARRIVED : sentence(error);
    }
    this.#isUndoing = false;
    this.draw();
  };

  async #undone() {
    const last = this.#last;
    if (last && this.outbox.take(last.id)) {
      this.#back(last);
      return;
    }
    await this.outbox.flush();
    if (this.unsent) {
      this.problem = MAY_HAVE_ARRIVED;
      return;
    }
    const {ballot, state} = await call(this.server.vote_undo, {votes: this.votes, rater: this.rater});
    this.state = state;
    if (ballot) this.#back(ballot);
    else say(NOTHING_TO_UNDO);
  }

  /** @param {BallotView} ballot */
  #back(ballot) {
    this.#done.delete(ballot.id);
    this.seconds.pop();
    this.#last = null;
    this.queue = [ballot, ...this.queue.filter(({id}) => id !== ballot.id)];
    this.#next();
    say('The vote was taken back.');
  }

  #next() {
    this.draft = empty();
    if (this.question === 'edit' && this.ballot) this.draft.text = this.ballot.a;
    this.isOver = this.isOver && !this.ballot;
    this.draw();
    this.#stopwatch.restart();
    this.shown();
  }

  /** @param {Entry} entry @param {import('../../payloads').VoteTaken} taken */
  #arrived(entry, {state, refused}) {
    if (refused) {
      this.problem = refused;
      this.refused.keep(entry, refused);
      this.#isStale = true;
    }
    if (state && entry.votes === this.votes) this.state = state;
    this.draw();
    void this.fetch();
  }

  /** What was refused is let go. @param {Entry} entry */
  forget = entry => {
    this.refused.forget(entry);
    this.draw();
  };

  /** Has some pairs ready, so that voting never waits. */
  async fetch() {
    this.#isWanted = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#fetched().catch(error => this.#missed(error));
    }
    this.#isFetching = false;
  }

  /** Votes that are still to arrive ask again by themselves. @param {unknown} error */
  #missed(error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.told) this.problem = error.message;
    if (!this.outbox.entries.length) setTimeout(() => this.fetch(), AGAIN);
    this.draw();
  }

  async #fetched() {
    // What was judged and has not arrived yet is still this rater's for the app, and would fill the answer.
    const n = Math.min(MOST, PREFETCH + this.outbox.entries.length);
    const had = this.ballot;
    const {ballots} = await call(this.server.vote_next, {votes: this.votes, rater: this.rater, n});
    if (this.#isStale) this.#keepOpen(ballots);
    const known = new Set(this.queue.map(({id}) => id));
    const fresh = ballots.filter(({id}) => !known.has(id) && !this.#done.has(id));
    this.queue = [...this.queue, ...fresh];
    this.isOver = !this.queue.length && !this.outbox.entries.length;
    if (this.ballot && this.ballot.id !== had?.id) this.#next();
    else this.draw();
  }

  /**
   * Another tab judged what is not open any more; what is being written about stays.
   * @param {BallotView[]} ballots
   */
  #keepOpen(ballots) {
    this.#isStale = false;
    const open = new Set(ballots.map(({id}) => id));
    const {note, editing, text} = this.draft;
    const isWriting = Boolean(note || editing || (text && text !== this.ballot?.a));
    this.queue = this.queue.filter(({id}, at) => open.has(id) || (isWriting && at === 0));
  }
}
