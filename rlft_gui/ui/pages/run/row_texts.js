// The texts of a row that a run made, beside each other: what changed between them marked, figures below.
import {html, nothing} from '../../components/html.js';
import {markedText} from '../../components/marked.js';
import {number} from '../../components/numbers.js';
import {inWords} from '../../components/titles.js';
import {pieces} from './row_marks.js';

/** @typedef {import('../../payloads').RowView} Row */
/** @typedef {import('../../payloads').RowText} RowText */
/** @typedef {import('../../payloads').Figure} Figure */
/** @typedef {{typed: Record<string, string>, save: () => void, cancel: () => void}} Editing */

/** @param {Figure[]} figures */
export const figureLine = figures =>
  figures.length
    ? html`<div class="rl-sc">
        ${figures.map(
          ({name, value}) =>
            html`<span class="rl-num"
              >${typeof value === 'number' ? `${name} ${number(value)}` : `${name}: ${value}`}</span
            >`,
        )}
      </div>`
    : nothing;

/** @param {Row} row @param {number} place */
function read(row, place) {
  const {text, figures} = row.texts[place];
  const words = text ? markedText(pieces(row, place)) : html`<span class="rl-faint">(empty)</span>`;
  return html`<p class="rl-made-text">${words}</p>
    ${figureLine(figures)}`;
}

/** @param {Row} row @param {RowText} text @param {string} column @param {Editing} editing */
function write(row, text, column, {typed, save, cancel}) {
  /** @param {KeyboardEvent} event */
  const onKey = event => {
    if (event.key === 'Escape') cancel();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  return html`<textarea
    class="rl-inp"
    rows="6"
    aria-label=${`${inWords(text.title)} of row ${row.number}`}
    .value=${typed[column]}
    @input=${(/** @type {any} */ event) => (typed[column] = event.target.value)}
    @keydown=${onKey}
  ></textarea>`;
}

/**
 * @param {Row} row
 * @param {Editing | null} editing null where the row is only read
 */
export const rowTexts = (row, editing) =>
  row.texts.map(
    (text, place) =>
      html`<div>
        <div class="rl-st"><b>${inWords(text.title)}</b></div>
        ${editing && text.column ? write(row, text, text.column, editing) : read(row, place)}
      </div>`,
  );
