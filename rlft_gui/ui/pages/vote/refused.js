// What was written in votes that the app refused: kept in the browser until its writer lets it go.
import {kept} from './outbox.js';

/** @typedef {import('./outbox.js').Entry} Entry */
/** @typedef {Entry & {why: string}} RefusedEntry */

const PREFIX = 'rl-vote-refused:';

/** @param {Entry} entry */
export const wordsOf = ({cast}) => [cast?.edited, cast?.text].filter(Boolean).join('\n\n');

export class Refused {
  /** @type {RefusedEntry[]} */
  entries;

  /** @param {import('./outbox.js').Store} store */
  constructor(store) {
    this.store = store;
    this.entries = /** @type {RefusedEntry[]} */ (kept(store, PREFIX));
  }

  /** A vote without words is told and forgotten. @param {Entry} entry @param {string} why */
  keep(entry, why) {
    if (!wordsOf(entry)) return;
    const refused = {...entry, why};
    this.entries = [...this.entries.filter(({ballot}) => ballot !== entry.ballot), refused];
    try {
      this.store.setItem(PREFIX + entry.ballot, JSON.stringify(refused));
    } catch {
      // It stands on screen as long as the page is open.
    }
  }

  /** @param {Entry} entry */
  forget({ballot}) {
    this.entries = this.entries.filter(other => other.ballot !== ballot);
    this.store.removeItem(PREFIX + ballot);
  }
}
