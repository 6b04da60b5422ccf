// A control of one line, and what every control says about itself.
import {html, ifDefined, live} from '../html.js';

/** @typedef {import('./typed.js').Typed} Typed */

/**
 * What a control needs beside its field.
 * @typedef {object} Control
 * @property {string} id
 * @property {string} describedBy ids of the texts that belong to it
 * @property {boolean} isWrong
 * @property {boolean} isLocked
 * @property {Typed | undefined} typed what it holds since it was changed
 * @property {(typed: Typed) => void} changed
 * @property {boolean} isOpen whether what it folds away is to be seen
 * @property {(isOpen: boolean) => void} unfolded
 */

/** @param {boolean} isWrong */
export const invalid = isWrong => ifDefined(isWrong ? 'true' : undefined);

/** @param {Event} event */
export const textOf = event => /** @type {HTMLInputElement | HTMLTextAreaElement} */ (event.target).value;

/**
 * @param {Control} control
 * @param {{text: string, isNumber?: boolean}} shown
 */
export const line = (control, {text, isNumber = false}) =>
  html`<input
    class=${isNumber ? 'rl-inp short' : 'rl-inp'}
    id=${control.id}
    inputmode=${ifDefined(isNumber ? 'decimal' : undefined)}
    autocomplete="off"
    aria-describedby=${control.describedBy}
    aria-invalid=${invalid(control.isWrong)}
    ?disabled=${control.isLocked}
    .value=${live(text)}
    @input=${(/** @type {Event} */ event) => control.changed(textOf(event))}
  />`;
