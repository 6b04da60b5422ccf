// What keeps a page current: asking again while it is visible, one question at a time.
import {NoAnswer} from './call.js';

const WAITS = [1000, 2000, 5000, 10_000]; // ms between tries while the app does not answer
const NOT_YET = 50; // ms until an element is looked for again that is not in the page yet

/** @type {Set<Poll>} */
const polls = new Set();

/**
 * Since when a poll has had no answer, and what Python said, if it did.
 * @typedef {{since: Date, told: string, wake: () => void}} Miss
 */
/** @type {Map<Poll, Miss>} */
const misses = new Map();
/** @type {(misses: Miss[]) => void} */
let tellMisses = () => {};

/**
 * Whoever shows that the page is offline: told whenever a poll misses twice, and when it has an answer again.
 * @param {(misses: Miss[]) => void} tell
 */
export function onMisses(tell) {
  tellMisses = tell;
}

/**
 * Tells the ms until the next time, false to end, nothing for the usual pause.
 * @typedef {() => Promise<number | false | void>} Once
 */

class Poll {
  /** @param {Element} element @param {number} every @param {Once} once */
  constructor(element, every, once) {
    this.element = element;
    this.every = every;
    this.once = once;
    this.misses = 0;
    this.lastAnswer = new Date();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.isBusy = false;
    this.isWanted = false; // asked for while busy
    this.hasEnded = false;
    this.wasConnected = false;
  }

  wake() {
    if (this.isBusy) {
      this.isWanted = true;
      return;
    }
    clearTimeout(this.timer);
    void this.tick();
  }

  end() {
    this.hasEnded = true;
    clearTimeout(this.timer);
    polls.delete(this);
    this.answered();
  }

  async tick() {
    if (this.hasEnded) return;
    if (!this.element.isConnected) {
      if (this.wasConnected) this.end();
      else this.timer = setTimeout(() => this.tick(), NOT_YET);
      return;
    }
    this.wasConnected = true;
    if (document.visibilityState !== 'visible') return; // the visibility event wakes it
    this.isBusy = true;
    const wait = await this.ask();
    this.isBusy = false;
    if (wait === false) {
      this.end();
      return;
    }
    this.timer = setTimeout(() => this.tick(), this.isWanted ? 0 : wait);
    this.isWanted = false;
  }

  /** Asks once and says how long to wait; false ends it. */
  async ask() {
    try {
      const next = await this.once();
      if (next === false) return false;
      this.misses = 0;
      this.lastAnswer = new Date();
      this.answered();
      return next ?? this.every;
    } catch (error) {
      return this.missed(error);
    }
  }

  /** @param {unknown} error */
  missed(error) {
    const wait = WAITS[Math.min(this.misses, WAITS.length - 1)];
    this.misses += 1;
    if (!(error instanceof NoAnswer)) console.error(error);
    else if (this.misses > 1) {
      misses.set(this, {
        since: this.lastAnswer,
        told: error.told ? error.message : '',
        wake: () => this.wake(),
      });
      tellMisses([...misses.values()]);
    }
    return wait;
  }

  answered() {
    if (misses.delete(this)) tellMisses([...misses.values()]);
  }
}

/**
 * Repeats `once` while `element` is in the page: every `every` ms or what `once` returns, not while the page
 * is hidden, never two at a time. After two misses a line says since when the page is offline; tries follow
 * at 1, 2, 5 and 10 s.
 * @param {Element} element
 * @param {number} every ms
 * @param {Once} once
 * @returns {() => void} asks at once
 */
export function poll(element, every, once) {
  const one = new Poll(element, every, once);
  polls.add(one);
  void one.tick();
  return () => one.wake();
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') for (const one of [...polls]) one.wake();
});
