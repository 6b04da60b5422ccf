// What the head, the chart and the table of this page share: which runs are ticked, and what is known of
// them.
import {asked, remember} from '../../components/address.js';

/** @typedef {import('../../payloads').RunCard} RunCard */
/** @typedef {import('../../payloads').RunsPage} RunsPage */

export const MOST_DRAWN = 6;
const FIRST_DRAWN = 4; // of the newest, before anybody ticked

/**
 * The ticks in an address; null where it says nothing of them, "none" for none.
 * @param {URLSearchParams} query
 */
export function ticksIn(query) {
  const words = query.get('runs');
  if (words === null) return null;
  return new Set(words === 'none' ? [] : words.split(',').filter(Boolean).slice(0, MOST_DRAWN));
}

/**
 * What is drawn before anybody ticked: the newest policies that have something to show.
 * @param {RunsPage} page
 */
export function firstTicks(page) {
  const known = page.rows.map(row => row.run).filter(run => run.step > 0 && run.output === 'policy');
  return new Set(known.slice(0, FIRST_DRAWN).map(run => run.id));
}

class Selection {
  /** null until the first page says which runs are the newest. @type {Set<string> | null} */
  ticked = ticksIn(asked());
  /** Every run seen, by id. @type {Map<string, RunCard>} */
  cards = new Map();
  /** @type {RunsPage | null} */
  page = null;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** Ids, of runs that are ticked. */
  get ids() {
    return [...(this.ticked ?? [])];
  }

  get isFull() {
    return this.ids.length >= MOST_DRAWN;
  }

  /**
   * Calls `changed` now, if there is a page, and whenever ticks or the page change.
   * @param {() => void} changed
   */
  on(changed) {
    this.#listeners.add(changed);
    if (this.page) changed();
  }

  /** @param {string[]} ids */
  tick(ids) {
    this.ticked = new Set(ids);
    remember({runs: ids.length ? ids.join(',') : 'none'});
    this.#tell();
  }

  /** @param {string} id */
  toggle(id) {
    this.tick(this.ids.includes(id) ? this.ids.filter(other => other !== id) : [...this.ids, id]);
  }

  /** @param {RunsPage} page */
  take(page) {
    this.page = page;
    this.ticked ??= firstTicks(page);
    for (const run of [...page.rows.map(row => row.run), ...page.drawn]) this.cards.set(run.id, run);
    this.#tell();
  }

  #tell() {
    for (const changed of this.#listeners) changed();
  }
}

export const selection = new Selection();
