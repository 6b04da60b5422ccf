// Colour and shape of a method are fixed for ever and always go together.
import {html} from './html.js';
import {lookOf} from './looks.js';

/** @param {string} palette key of a method's colour and shape */
export const glyph = palette => {
  const {key, shape} = lookOf(palette);
  return html`<svg viewBox="0 0 12 12" class=${`rl-g rl-m-${key}`} aria-hidden="true">
    <path d=${shape} fill-rule="evenodd"></path>
  </svg>`;
};
