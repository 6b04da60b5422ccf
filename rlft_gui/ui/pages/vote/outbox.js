// Votes on their way: each is kept in the browser, and sent again, until the app says that it has it.
import {NoAnswer, call} from '../../components/call.js';

/** @typedef {import('../../payloads').VoteCast} VoteCast */
/** @typedef {import('../../payloads').VoteTaken} VoteTaken */
/**
 * @typedef {object} Entry
 * @property {string} ballot
 * @property {string} rater
 * @property {string} votes the set
 * @property {VoteCast | null} cast null where the pair is passed over
 * @property {number} at ms since 1970
 * @property {boolean} [tried] whether the app may have it already
 */
/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>} Store */

const PREFIX = 'rl-vote:'; // one item an entry, so that two tabs never overwrite each other's
const WAITS = [1000, 2000, 5000, 10_000]; // ms between tries while the app does not answer

/**
 * How an entry is sent.
 * @param {import('../../payloads').Server} server
 * @returns {(entry: Entry) => Promise<VoteTaken>}
 */
export const sendTo =
  server =>
  ({ballot, rater, cast}) =>
    cast ? call(server.vote_cast, cast) : call(server.vote_skip, {ballot, rater});

export class Outbox {
  /** Oldest first. @type {Entry[]} */
  entries = [];
  /** Why the newest try failed; '' while none has. */
  trouble = '';
  isLost = false;
  #isSending = false;
  #misses = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} given
   * @param {(entry: Entry) => Promise<VoteTaken>} given.send
   * @param {(entry: Entry, taken: VoteTaken) => void} given.arrived
   * @param {() => void} given.changed
   * @param {Store} given.store
   */
  constructor({send, arrived, changed, store}) {
    this.send = send;
    this.arrived = arrived;
    this.changed = changed;
    this.store = store;
    this.entries = kept(store, PREFIX);
  }

  /** @param {Entry} entry */
  put(entry) {
    this.entries.push(entry);
    this.#keep(entry);
    void this.flush();
  }

  /** Takes an entry back that cannot have arrived; null if it may have. @param {string} ballot */
  take(ballot) {
    const found = this.entries.find(entry => entry.ballot === ballot && !entry.tried);
    if (found) this.#drop(found);
    return found ?? null;
  }

  /** Sends what there is, in order; ends with the first that does not arrive, which is tried again later. */
  async flush() {
    if (this.#isSending) return;
    clearTimeout(this.#timer);
    this.#isSending = true;
    try {
      while (this.entries.length && (await this.#sent(this.entries[0])));
    } finally {
      this.#isSending = false;
    }
    if (this.entries.length) this.#later();
  }

  /** @param {Entry} entry whether it arrived */
  async #sent(entry) {
    entry.tried = true;
    this.#keep(entry);
    try {
      const taken = await this.send(entry);
      this.#drop(entry);
      this.isLost = false;
      this.trouble = '';
      this.#misses = 0;
      this.arrived(entry, taken);
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.isLost = true;
      this.trouble = error.told ? error.message : '';
      this.changed();
      return false;
    }
  }

  #later() {
    const wait = WAITS[Math.min(this.#misses, WAITS.length - 1)];
    this.#misses += 1;
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** @param {Entry} entry */
  #keep(entry) {
    try {
      this.store.setItem(PREFIX + entry.ballot, JSON.stringify(entry));
    } catch {
      // A browser that keeps nothing still holds it as long as the page is open.
    }
  }

  /** @param {Entry} entry */
  #drop(entry) {
    this.entries = this.entries.filter(other => other !== entry);
    try {
      this.store.removeItem(PREFIX + entry.ballot);
    } catch {
      // as above
    }
  }
}

/**
 * What an earlier visit left, oldest first.
 * @param {Store} store
 * @param {string} prefix
 * @returns {Entry[]}
 */
export function kept(store, prefix) {
  try {
    const names = Array.from({length: store.length}, (_, at) => store.key(at) ?? '');
    const texts = names.filter(name => name.startsWith(prefix)).map(name => store.getItem(name) ?? '');
    return texts
      .map(read)
      .filter(entry => entry !== null)
      .sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}

/** @param {string} text @returns {Entry | null} */
function read(text) {
  try {
    const entry = JSON.parse(text);
    return typeof entry?.ballot === 'string' && typeof entry.rater === 'string' ? entry : null;
  } catch {
    return null;
  }
}
