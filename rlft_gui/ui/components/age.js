// <rl-age prefix="updated" .at=${Date.now()}>: "updated 3 s ago", counted in the browser.

class Age extends HTMLElement {
  /** @type {number | null} */
  #at = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** ms since the epoch; null: nothing is said. @param {number | null} at */
  set at(at) {
    this.#at = at;
    this.#show();
  }

  connectedCallback() {
    this.classList.add('rl-xs', 'rl-faint');
    this.setAttribute('aria-live', 'off');
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show() {
    if (this.#at === null) return;
    const seconds = Math.max(0, Math.round((Date.now() - this.#at) / 1000));
    const words = `${this.getAttribute('prefix') ?? ''} ${seconds} s ago`.trim();
    if (this.textContent !== words) this.textContent = words;
  }
}
customElements.define('rl-age', Age);
