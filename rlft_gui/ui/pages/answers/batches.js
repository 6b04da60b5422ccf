// Which batch is shown: a choice among all of them.
import {html, live, nothing} from '../../components/html.js';
import {ago} from '../../components/times.js';

/** @typedef {import('../../payloads').AnswerSource} AnswerSource */

/** What tells a batch from others with the same suite. @param {AnswerSource} batch */
function told({title, titles, status, created_at: at}) {
  const who = titles.length === 1 ? titles[0] : `${titles.length} models`;
  return `${title}, ${who}, ${ago(Date.now() / 1000 - at)}, ${status}`;
}

/**
 * @param {readonly AnswerSource[]} batches
 * @param {string} shown "" where columns were chosen one by one
 * @param {(batch: string) => void} show
 */
export function batchChoice(batches, shown, show) {
  if (!batches.length) return nothing;
  const isListed = batches.some(({id}) => id === shown);
  return html`<select
    class="rl-inp rl-abatch"
    aria-label="Batch"
    .value=${live(shown)}
    @change=${(/** @type {any} */ event) => show(event.target.value)}
  >
    ${isListed ? nothing : html`<option value=${shown} selected>${shown || 'Chosen columns'}</option>`}
    ${batches.map(
      batch => html`<option value=${batch.id} ?selected=${batch.id === shown}>${told(batch)}</option>`,
    )}
  </select>`;
}
