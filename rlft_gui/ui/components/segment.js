// One choice of a few, as native radios.
import {html, live} from './html.js';

/** @typedef {import('./html.js').View} View */

/**
 * `name` is the group's, and must be its own in the page.
 * @param {{label: string, name: string, value: string, options: [string, View][]}} field
 * @param {(chosen: string) => void} choose
 */
export const segment = ({label, name, value, options}, choose) =>
  html`<span class="rl-seg" role="radiogroup" aria-label=${label}>
    ${options.map(
      ([key, words]) =>
        html`<label>
          <input
            type="radio"
            name=${name}
            .value=${key}
            .checked=${live(key === value)}
            @change=${() => choose(key)}
          />${words}
        </label>`,
    )}
  </span>`;
