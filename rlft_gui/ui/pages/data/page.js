// Datasets: all of them, or the one that the address names.
import {asked} from '../../components/address.js';
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, render} from '../../components/html.js';
import {count, number} from '../../components/numbers.js';
import {ago} from '../../components/times.js';
import {openDataset} from './dataset.js';

/** @typedef {import('../../payloads').DatasetList} DatasetList */
/** @typedef {import('../../payloads').DatasetRow} DatasetRow */

const COLUMNS = ['Name', 'Holds', 'Rows', 'From', 'Licence', 'Used by', 'Added'];

/** @param {DatasetRow} dataset @param {number} now s */
const row = ({id, name, type, rows, made, licence, used, held_out: isHeldOut, created_at: at}, now) =>
  html`<tr>
    <th scope="row" class="full rl-data-name">${link(`/data?id=${encodeURIComponent(id)}`, name)}</th>
    <td data-l="Holds">${type}${isHeldOut ? ', held out' : ''}</td>
    <td data-l="Rows" class="r rl-num">${number(rows)}</td>
    <td data-l="From">${made}</td>
    <td data-l="Licence">${licence || '–'}</td>
    <td data-l="Used by">${used ? count(used, 'run') : 'no run'}</td>
    <td data-l="Added">${at ? ago(now - at) : '–'}</td>
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
  const none = empty('No data yet', 'Files that you add appear here.');
  return card({title: 'Datasets', id: 'datasets'}, list.datasets.length ? table(list) : none);
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  const id = asked().get('id');
  if (id) return void openDataset(root, server, id);
  /** @param {DatasetList | null} list @param {string} [problem] */
  const draw = (list, problem = '') => render(html`<div>${all(list, problem)}</div>`, root);
  const look = () => void call(server.datasets, {}).then(draw, error => draw(null, sentence(error)));
  draw(null);
  look();
  return look; // a file was added
}
