// The head of a page: its title, one sentence of state, and what can be done.
import {html, nothing} from './html.js';

/** @typedef {import('./html.js').View} View */

/** @param {string} words */
export function nameTab(words) {
  document.title = words === 'Home' ? 'rlft_gui' : `${words} · rlft_gui`;
}

/**
 * @param {{title: string, text?: View, acts?: View, crumb?: View}} head
 */
export function pageTitle({title, text, acts, crumb}) {
  nameTab(title);
  return html`<div>
    ${crumb ? html`<p class="rl-crumb">${crumb}</p>` : nothing}
    <div class="rl-head-row">
      <div>
        <h1>${title}</h1>
        ${text ? html`<p>${text}</p>` : nothing}
      </div>
      <div class="rl-acts">${acts}</div>
    </div>
  </div>`;
}
