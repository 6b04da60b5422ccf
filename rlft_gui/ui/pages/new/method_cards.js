// The methods as cards, which are native radios.
import {glyph} from '../../components/glyph.js';
import {html, live, nothing} from '../../components/html.js';

/** @typedef {import('../../payloads').MethodCard} MethodCard */

/** @param {string} name @param {string} text */
const line = (name, text) => html`<span class="rl-ln"><b>${name}</b><span>${text}</span></span>`;

/**
 * @param {MethodCard} method
 * @param {boolean} isChosen
 * @param {(name: string) => void} choose
 */
const methodCard = (method, isChosen, choose) =>
  html`<label class="rl-mc">
    <input
      type="radio"
      name="method"
      value=${method.name}
      .checked=${live(isChosen)}
      @change=${() => choose(method.name)}
    />
    <span class="rl-mc-nm"
      >${glyph(method.palette)}${method.title}${
        method.tag ? html`<span class="rl-badge rl-tag">${method.tag}</span>` : nothing
      }</span
    >
    ${line('Learns from', method.learns_from)} ${line('Needs', method.needs)} ${line('Costs', method.costs)}
  </label>`;

/**
 * @param {readonly MethodCard[]} methods
 * @param {string} chosen
 * @param {(name: string) => void} choose
 */
export const methodCards = (methods, chosen, choose) =>
  html`<fieldset>
    <legend class="rl-legend">Which method?</legend>
    <div class="rl-mcards">${methods.map(method => methodCard(method, method.name === chosen, choose))}</div>
  </fieldset>`;
