// Buttons and links that look like them.
import {html, ifDefined, nothing} from './html.js';
import {inside} from './address.js';
import {icon} from './icon.js';

/** @typedef {import('./html.js').View} View */
/** @typedef {import('./icon.js').IconName} IconName */
/** @typedef {{kind?: string, mark?: IconName, disabled?: boolean, pressed?: boolean, id?: string}} Look */

/**
 * @param {View} words
 * @param {(event: Event & {currentTarget: HTMLButtonElement}) => unknown} onclick
 * @param {Look} [look] `kind`: "primary", "danger", "sm", or several of them
 */
export const button = (words, onclick, {kind = '', mark, disabled = false, pressed, id} = {}) =>
  html`<button
    type="button"
    class=${`rl-btn ${kind}`}
    id=${ifDefined(id)}
    ?disabled=${disabled}
    aria-pressed=${ifDefined(pressed === undefined ? undefined : String(pressed))}
    @click=${onclick}
  >
    ${mark ? icon(mark) : nothing}${words}
  </button>`;

/**
 * A link to a page of this app, and only to one.
 * @param {string} href
 * @param {View} words
 * @param {string} [classes] "rl-btn primary" makes it look like a button
 */
export const link = (href, words, classes) =>
  html`<a href=${inside(href)} class=${ifDefined(classes)}>${words}</a>`;
