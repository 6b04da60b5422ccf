// Datasets: all of them, or the one that the address names.
import {asked} from '../../components/address.js';
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {count, number} from '../../components/numbers.js';
import {pageTitle} from '../../components/page_title.js';
import {ago} from '../../components/times.js';
import {openDataset} from './dataset.js';

/** @typedef {import('../../payloads').DatasetList} DatasetList */
/** @typedef {import('../../payloads').DatasetRow} DatasetRow */

const TEXT = 'What runs can learn from: built in, added as files, or made by runs.';
const ACTS = link('/new', 'New pipeline', 'rl-btn primary');
const COLUMNS = ['Name', 'Holds', 'Rows', 'From', 'Licence', 'Used by', 'Added'];

/** @param {DatasetRow} dataset @param {number} now s */
const row = ({id, name, type, rows, made, licence, used, held_out: isHeldOut, created_at: at}, now) =>
  html`<tr>
    <th scope="row" class="full">${link(`/data?id=${encodeURIComponent(id)}`, name)}</th>
    <td data-label="Holds">${type}${isHeldOut ? ', held out' : ''}</td>
    <td data-label="Rows" class="r rl-num">${number(rows)}</td>
    <td data-label="From">${made}</td>
    <td data-label="Licence">${licence || '–'}</td>
    <td data-label="Used by">${used ? count(used, 'run') : 'no run'}</td>
    <td data-label="Added">${at ? ago(now - at) : '–'}</td>
  </tr>`;

/** @param {DatasetList} list */
const table = ({datasets, now}) =>
  html`<table class="rl-t rl-resp">
    <caption class="rl-vh">
      All datasets
    </caption>
    <thead>
      <tr>
        ${COLUMNS.map(words => html`<th scope="col" class=${words === 'Rows' ? 'r' : ''}>${words}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${datasets.map(dataset => row(dataset, now))}
    </tbody>
  </table>`;

/** @param {DatasetList | null} list @param {string} problem */
function all(list, problem) {
  if (problem) return note('bad', 'The datasets cannot be shown', problem);
  if (!list) return skeleton(92, 84, 60);
  const none = empty('No data yet', 'Files that you add on the data step of a new pipeline appear here.');
  return card({title: 'Datasets', id: 'datasets'}, list.datasets.length ? table(list) : none);
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  const id = asked().get('id');
  if (id) return void openDataset(root, server, id);
  /** @param {DatasetList | null} list @param {string} [problem] */
  const draw = (list, problem = '') =>
    render(
      html`<div class="rl-stack">
        ${pageTitle({title: 'Data', text: TEXT, acts: ACTS})}
        <div>${all(list, problem)}</div>
      </div>`,
      root,
    );
  draw(null);
  call(server.datasets, {}).then(draw, error => draw(null, sentence(error)));
  return nothing;
}
