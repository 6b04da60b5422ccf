// Takes a comparison along as a file.
import {call} from '../../components/call.js';
import {html} from '../../components/html.js';
import {save} from '../../components/save.js';

/** @typedef {import('../../payloads').ExportAsked['format']} Format */

/** @type {[Format, string][]} */
const FORMATS = [
  ['jsonl', 'JSONL, for programs'],
  ['csv', 'CSV, for tables'],
  ['md', 'Markdown, to read'],
];

/**
 * @param {import('../../payloads').Server} server
 * @param {string} id
 * @param {Format} format
 */
export async function exportAs(server, id, format) {
  const {name, text} = await call(server.compare_export, {id, format});
  save(name, text);
}

/** @param {(format: Format) => void} take */
export function exportMenu(take) {
  const pick = (/** @type {Format} */ format) => (/** @type {{currentTarget: HTMLElement}} */ event) => {
    event.currentTarget.closest('details')?.removeAttribute('open');
    take(format);
  };
  const close = (/** @type {KeyboardEvent & {currentTarget: HTMLElement}} */ event) => {
    if (event.key === 'Escape') event.currentTarget.removeAttribute('open');
  };
  return html`<details class="rl-menu" @keydown=${close}>
    <summary class="rl-btn">Export</summary>
    <div>
      ${FORMATS.map(
        ([format, words]) =>
          html`<button type="button" class="rl-link" @click=${pick(format)}>${words}</button>`,
      )}
    </div>
  </details>`;
}
