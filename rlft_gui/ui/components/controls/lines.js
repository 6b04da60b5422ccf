// A control of several lines.
import {html, ifDefined, live} from '../html.js';
import {textOf} from './line.js';

/**
 * @param {{text: string, rows: number, isLocked: boolean, id?: string, label?: string, describedBy?: string,
 *   invalid?: import('../html.js').View}} shown
 * @param {(text: string) => void} changed
 */
export const lines = ({text, rows, isLocked, id, label, describedBy, invalid}, changed) =>
  html`<textarea
    class="rl-inp rl-lines"
    id=${ifDefined(id)}
    rows=${rows}
    spellcheck="false"
    autocomplete="off"
    aria-label=${ifDefined(label)}
    aria-describedby=${ifDefined(describedBy)}
    aria-invalid=${ifDefined(invalid)}
    ?disabled=${isLocked}
    .value=${live(text)}
    @input=${(/** @type {Event} */ event) => changed(textOf(event))}
  ></textarea>`;
