// The third step: what a dataset holds. Some of its rows as plain text, and an account of those that were
// dropped.
import {badge} from '../../components/badge.js';
import {note} from '../../components/blocks.js';
import {html, nothing, render} from '../../components/html.js';
import {account} from './data_account.js';
import {examples} from './data_examples.js';
import {lengthsInWords} from './data_lengths.js';

/** @typedef {import('../../payloads').DataPreview} DataPreview */
/** @typedef {import('../../payloads').ShownDataset} ShownDataset */

/** A file that was added, and what is used without it. @param {DataPreview} preview */
function notStored({refused}) {
  if (!refused) return nothing;
  const {file, problem, used} = refused;
  return html`<div style="margin-bottom:12px">
    ${note('bad', `${file} was not stored`, `${problem} ${used}`)}
  </div>`;
}

/** @param {ShownDataset} dataset */
const shown = dataset =>
  html`<div class="rl-stack-s">
    ${dataset.lacks ? note('bad', 'These rows do not suit the settings', dataset.lacks) : nothing}
    <div class="rl-row rl-wrap">
      <span class="rl-b">${dataset.name}</span>${badge('', null, dataset.format)}
    </div>
    ${account(dataset)}
    ${dataset.lengths ? html`<p class="rl-small rl-muted">${lengthsInWords(dataset.lengths)}</p>` : nothing}
    ${examples(dataset)}
  </div>`;

/** @param {DataPreview} preview */
function contents(preview) {
  if (preview.problem) return note('bad', 'This dataset cannot be used', preview.problem);
  return preview.dataset ? shown(preview.dataset) : nothing;
}

/** @param {DataPreview} preview */
const view = preview => html`${notStored(preview)}${contents(preview)}`;

/** @param {import('../../components/mount.js').Part & {data: DataPreview | null}} part */
export default function start({root, data}) {
  /** @param {DataPreview | null} preview */
  const draw = preview => render(preview ? view(preview) : nothing, root);
  draw(data);
  return draw;
}
