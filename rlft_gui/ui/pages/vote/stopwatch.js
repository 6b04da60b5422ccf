// How long something was looked at: only while the page is visible.

export class Stopwatch {
  #passed = 0; // ms
  /** @type {number | null} */
  #since = null;

  /** @param {() => number} now ms @param {() => boolean} isVisible */
  constructor(now = () => performance.now(), isVisible = () => document.visibilityState === 'visible') {
    this.now = now;
    this.isVisible = isVisible;
  }

  restart() {
    this.#passed = 0;
    this.#since = this.isVisible() ? this.now() : null;
  }

  /** To be called whenever the page is hidden or comes back. */
  turn() {
    if (this.#since !== null) this.#passed += this.now() - this.#since;
    this.#since = this.isVisible() ? this.now() : null;
  }

  get seconds() {
    return (this.#passed + (this.#since === null ? 0 : this.now() - this.#since)) / 1000;
  }
}
