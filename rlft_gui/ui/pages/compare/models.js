// The models to compare, as chips, and a list to add one from.
import {glyph} from '../../components/glyph.js';
import {html, live, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';

/** @typedef {import('./choices.js').Choices} Choices */
/** @typedef {(models: string[]) => void} Choose */

/**
 * Leave the focus beside what was removed: on the chip that took its place, else the last one, else the list.
 * Without that the next Tab would begin at the top of the page.
 * @param {Element} row @param {number} place
 */
function focusNear(row, place) {
  const buttons = row.querySelectorAll('button');
  const near = buttons[Math.min(place, buttons.length - 1)] ?? row.querySelector('select');
  near?.focus();
}

/** @param {string} model @param {string[]} models @param {Choices} choices @param {Choose} choose */
function chip(model, models, choices, choose) {
  const label = choices.label(model, models);
  const remove = (/** @type {{currentTarget: HTMLElement}} */ {currentTarget}) => {
    const row = /** @type {Element} */ (currentTarget.closest('.rl-row'));
    choose(models.filter(other => other !== model));
    focusNear(row, models.indexOf(model));
  };
  return html`<span class="rl-chip"
    ><span class="rl-meth">${glyph(choices.runOf(model)?.palette ?? 'base')}${label}</span
    ><button type="button" aria-label=${`Remove ${label}`} @click=${remove}>${icon('x')}</button></span
  >`;
}

/** @param {string[]} models @param {Choices} choices @param {Choose} choose */
function adder(models, choices, choose) {
  const addable = choices.addable(models);
  if (!addable.length) return nothing;
  const add = (/** @type {{target: HTMLSelectElement}} */ {target}) => choose([...models, target.value]);
  return html`<select
    class="rl-chip rl-add"
    id="compare-add"
    aria-label="Add a model"
    .value=${live('')}
    @change=${add}
  >
    <option value="">Add a model</option>
    ${repeat(
      addable,
      ([model]) => model,
      ([model, words]) => html`<option value=${model}>${words}</option>`,
    )}
  </select>`;
}

/** @param {string[]} models @param {Choices} choices @param {Choose} choose */
export const modelChips = (models, choices, choose) =>
  html`<div class="rl-row rl-wrap">
    ${repeat(
      models,
      model => model,
      model => chip(model, models, choices, choose),
    )}${adder(models, choices, choose)}
  </div>`;
