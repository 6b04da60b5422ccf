// What the browser remembers of a person: the name, and whether single keys vote.

const RATER = 'rl-rater';
const KEYS = 'rl-vote-keys';

/** Where a browser keeps nothing (it may be told not to), it is remembered as long as the page is open. */
function usable() {
  try {
    localStorage.setItem('rl-try', '1');
    localStorage.removeItem('rl-try');
    return localStorage;
  } catch {
    return forgetful();
  }
}

/** @returns {import('./outbox.js').Store} */
function forgetful() {
  /** @type {Map<string, string>} */
  const held = new Map();
  return {
    getItem: name => held.get(name) ?? null,
    setItem: (name, text) => void held.set(name, text),
    removeItem: name => void held.delete(name),
    key: at => [...held.keys()][at] ?? null,
    get length() {
      return held.size;
    },
  };
}

export class Memory {
  isHelpOpen = false;

  constructor(store = usable()) {
    this.store = store;
  }

  get rater() {
    return this.store.getItem(RATER) ?? '';
  }

  set rater(name) {
    this.store.setItem(RATER, name.trim().replace(/\s+/g, ' '));
  }

  get hasKeys() {
    return this.store.getItem(KEYS) !== 'off';
  }

  set hasKeys(wanted) {
    this.store.setItem(KEYS, wanted ? 'on' : 'off');
  }
}
