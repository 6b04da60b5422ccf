// <rl-tip text="…">: a round "?" whose text opens on click, hover and focus, and closes with Escape.
import {html, ifDefined, render} from './html.js';
import {uniqueId} from './unique.js';

const WIDEST = 320;
const MARGIN = 16;

class Tip extends HTMLElement {
  #id = uniqueId('tip');
  /** @type {HTMLElement | null} */
  #box = null;

  connectedCallback() {
    this.style.position = 'relative';
    this.#draw();
  }

  disconnectedCallback() {
    this.#close();
  }

  #draw() {
    const isOpen = this.#box !== null;
    const open = () => this.#open();
    const close = () => this.#close();
    /** @param {KeyboardEvent} event */
    const onKey = event => event.key === 'Escape' && this.#close();
    render(
      html`<button
        type="button"
        class="rl-q"
        aria-label="What is this?"
        aria-expanded=${isOpen}
        aria-describedby=${ifDefined(isOpen ? this.#id : undefined)}
        @mouseenter=${open}
        @focus=${open}
        @click=${open}
        @mouseleave=${close}
        @blur=${close}
        @keydown=${onKey}
      >
        ?
      </button>`,
      this,
    );
  }

  #open() {
    if (this.#box) return;
    this.#box = Object.assign(document.createElement('span'), {className: 'rl-tip', id: this.#id});
    this.#box.setAttribute('role', 'tooltip');
    this.#box.textContent = this.getAttribute('text');
    document.body.append(this.#box);
    this.#place(this.#box);
    this.#draw();
  }

  /** @param {HTMLElement} box in the page's own coordinates, so that it scrolls along */
  #place(box) {
    const at = this.getBoundingClientRect();
    const width = Math.min(WIDEST, innerWidth - 2 * MARGIN);
    const left = Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN)) + scrollX;
    Object.assign(box.style, {width: `${width}px`, left: `${left}px`, top: `${at.bottom + 6 + scrollY}px`});
  }

  #close() {
    if (!this.#box) return;
    this.#box.remove();
    this.#box = null;
    if (this.isConnected) this.#draw();
  }
}
customElements.define('rl-tip', Tip);

/** @param {string} text */
export const tip = text => html`<rl-tip text=${text}></rl-tip>`;
