// The third step: what a dataset holds. Some of its rows as plain text, an account of those that were
// dropped, what may be wrong with the others, and which column is what where a file does not say so.
import {badge} from '../badge.js';
import {note} from '../blocks.js';
import {button, link} from '../button.js';
import {call, sentence} from '../call.js';
import {html, nothing, render} from '../html.js';
import {account} from '../rows/account.js';
import {checks} from '../rows/checks.js';
import {columnsPanel} from './data_columns.js';
import {examples} from '../rows/examples.js';
import {lengthsInWords} from './data_lengths.js';
import {Naming} from './naming.js';
import {OnItsWay, watchFile} from './on_its_way.js';

/** @typedef {import('../../payloads').DataPreview} DataPreview */
/** @typedef {import('../../payloads').ShownDataset} ShownDataset */
/** @typedef {import('../../payloads').ConversionWay} ConversionWay */
/** @typedef {{upload?: string, dataset?: string}} Source of rows that are to become others */
/**
 * @typedef {object} Shown
 * @property {DataPreview} preview
 * @property {Naming} naming
 * @property {string} problem why rows could not become others
 * @property {(way: string, source: Source) => Promise<void>} convert
 */

/** @param {readonly ConversionWay[]} ways @param {Source} source @param {Shown} state */
const offers = (ways, source, {problem, convert}) =>
  ways.length
    ? html`${ways.map(
        ({name, title, about}) =>
          html`<p class="rl-small rl-way-offer">
            ${button(title, () => convert(name, source), {kind: 'sm'})} ${about}
          </p>`,
      )}
      ${problem ? html`<p class="rl-small rl-wrong" role="alert">${problem}</p>` : nothing}`
    : nothing;

/** A file that was added, what may be made of it, and what is used without it. @param {Shown} state */
function notStored(state) {
  const {refused} = state.preview;
  if (!refused) return nothing;
  const {file, problem, used, upload, ways} = refused;
  const kind = state.naming.columns || ways.length ? 'warn' : 'bad';
  return note(
    kind,
    `${file} was not stored${kind === 'warn' ? ' yet' : ''}`,
    `${problem} ${used}`,
    offers(ways, {upload}, state),
  );
}

/** @param {ShownDataset} dataset @param {Shown} state */
const shown = (dataset, {preview, problem, convert}) =>
  html`<div class="rl-stack-s">
    ${dataset.lacks ? note('bad', 'These rows do not suit the settings', dataset.lacks) : nothing}
    <div class="rl-row rl-wrap">
      <span class="rl-b">${dataset.name}</span>${badge('', null, dataset.format)}
    </div>
    ${account(dataset)}
    ${dataset.lengths ? html`<p class="rl-small rl-muted">${lengthsInWords(dataset.lengths)}</p>` : nothing}
    ${examples(dataset)} ${checks(dataset.checks, dataset.rows, way => convert(way, {dataset: preview.id}))}
    ${problem ? html`<p class="rl-small rl-wrong" role="alert">${problem}</p>` : nothing}
    <p class="rl-small">${link(dataset.address, 'All rows of this dataset')}</p>
  </div>`;

/** @param {Shown} state */
function contents(state) {
  const {preview} = state;
  if (!preview.problem) return preview.dataset ? shown(preview.dataset, state) : nothing;
  const ways = offers(preview.ways, {dataset: preview.id}, state);
  return note('bad', 'This dataset cannot be used', preview.problem, ways);
}

/** Open for a file that could not be read, folded away for one that could. @param {Shown} state */
function columns({preview, naming}) {
  if (!naming.columns) return nothing;
  const panel = columnsPanel(naming.columns, naming);
  if (preview.refused) return panel;
  return html`<details class="rl-small" @toggle=${naming.begin}>
    <summary>Read its columns otherwise</summary>
    ${panel}
  </details>`;
}

/** @param {Shown} state */
const view = state =>
  html`<div class="rl-stack-s">${notStored(state)} ${columns(state)} ${contents(state)}</div>`;

/** @param {import('../mount.js').Part & {data: DataPreview | null}} part */
export default function start({root, server, props, trigger, data}) {
  /** @type {DataPreview | null} */
  let preview = null;
  let problem = '';

  const draw = () => render(preview ? view({preview, naming, problem, convert}) : nothing, root);

  const onItsWay = new OnItsWay(props, () => preview);
  watchFile(root.closest('.rl-data')?.querySelector('.rl-file'), onItsWay);

  /** @type {import('./on_its_way.js').Store} */
  async function store(name, work, failed) {
    onItsWay.begin('rows', name);
    const stored = await work().catch(failed);
    onItsWay.end('rows', stored);
    if (stored) trigger('click'); // has the rest of the wizard take it
  }
  const naming = new Naming(server, draw, store);

  /** @type {Shown['convert']} */
  const convert = (way, {upload = '', dataset = ''}) =>
    store(
      preview?.refused?.file ?? 'The copy',
      () => call(server.convert, {way, upload, dataset}),
      error => {
        problem = sentence(error);
        draw();
      },
    );

  /** @param {DataPreview | {dataset: string} | {on_its_way: string} | null} told */
  function open(told) {
    if (told && !('types' in told)) return; // what this part itself has just told
    preview = told;
    problem = '';
    naming.open(told);
    draw();
    onItsWay.tell();
  }
  open(data);
  return open;
}
