// Which column of a file is what: what suggests itself, a person's changes, and what the first rows become.
import {badge} from '../badge.js';
import {skeleton} from '../blocks.js';
import {button} from '../button.js';
import {select} from '../controls/select.js';
import {html, nothing} from '../html.js';
import {count} from '../numbers.js';
import {account} from '../rows/account.js';
import {examples} from '../rows/examples.js';
import {isComplete, proposed} from './column_choice.js';

/** @typedef {import('../../payloads').WantedColumn} WantedColumn */
/** @typedef {import('../../payloads').TriedRows} TriedRows */
/** @typedef {import('./column_choice.js').Columns} Columns */
/**
 * @typedef {object} Acts
 * @property {(changed: Partial<Columns>) => void} change what is said
 * @property {() => void} use
 */

/** @param {Columns} columns @param {Acts} acts */
export const columnsPanel = (columns, acts) =>
  html`<div class="rl-map rl-stack-s" role="group" aria-label="Which column is what">
    <h3 class="rl-small">Which column of ${columns.file.file} is what?</h3>
    <div class="rl-map-fields">
      ${columns.file.kinds.length > 1 ? kinds(columns, acts) : nothing}
      ${columns.file.kinds[columns.kind].wanted.map(wanted => column(wanted, columns, acts))}
      ${encodings(columns, acts)}
    </div>
    <div aria-live="polite">${outcome(columns)}</div>
    <div class="rl-row rl-wrap">
      ${button('Use these columns', acts.use, {
        kind: 'primary',
        disabled: columns.isBusy || !columns.tried?.rows?.is_wanted,
      })}
      ${columns.problem ? html`<p class="rl-small rl-wrong" role="alert">${columns.problem}</p>` : nothing}
    </div>
  </div>`;

/** @param {string} id @param {string} help */
const control = (id, help) => ({
  id,
  describedBy: help,
  isWrong: false,
  isLocked: false,
  typed: undefined,
  changed: () => {},
  isOpen: false,
  unfolded: () => {},
});

/** @param {Columns} columns @param {Acts} acts */
function kinds({file, kind}, acts) {
  const id = `map-${file.upload}-kind`;
  const options = file.kinds.map(({title}) => title);
  return html`<div>
    <label class="rl-lab" for=${id}>The rows are</label>
    ${select(control(id, `${id}-help`), {options, place: kind}, place =>
      acts.change({kind: place, mapping: proposed(file.kinds[place])}),
    )}
    <p class="rl-help" id=${`${id}-help`}>${file.kinds[kind].about}</p>
  </div>`;
}

/** @param {WantedColumn} wanted @param {Columns} columns @param {Acts} acts */
function column({name, title, about, needed}, {file, mapping}, acts) {
  const id = `map-${file.upload}-${name}`;
  const place = file.columns.findIndex(({path}) => path === mapping[name]);
  const options = ['Not in this file', ...file.columns.map(({path}) => path)];
  const sample = file.columns[place]?.sample;
  /** @param {number} chosen */
  const choose = chosen =>
    acts.change({mapping: {...mapping, [name]: chosen ? file.columns[chosen - 1].path : ''}});
  return html`<div>
    <label class="rl-lab" for=${id}
      >${title}${needed ? nothing : html` <span class="rl-opt">optional</span>`}</label
    >
    ${select(control(id, `${id}-help`), {options, place: place + 1}, choose)}
    <p class="rl-help" id=${`${id}-help`}>${sample ? html`for example “${sample}”` : about}</p>
  </div>`;
}

/** @param {Columns} columns @param {Acts} acts */
function encodings({file, encoding}, acts) {
  const id = `map-${file.upload}-encoding`;
  const offered = [['Found out from the file', ''], ['UTF-8', 'utf-8'], ...file.encodings];
  const place = Math.max(
    0,
    offered.findIndex(([, name]) => name === encoding),
  );
  return html`<div>
    <label class="rl-lab" for=${id}>Text is in <span class="rl-opt">optional</span></label>
    ${select(control(id, `${id}-help`), {options: offered.map(([words]) => words), place}, chosen =>
      acts.change({encoding: offered[chosen][1]}),
    )}
    <p class="rl-help" id=${`${id}-help`}>Choose another if letters look wrong below.</p>
  </div>`;
}

/** @param {Columns} columns */
function outcome(columns) {
  if (!isComplete(columns))
    return html`<p class="rl-small rl-muted">Choose a column for each that is not optional.</p>`;
  if (!columns.tried) return skeleton(72, 48);
  const {refused, rows} = columns.tried;
  if (refused || !rows) return html`<p class="rl-small rl-wrong">${refused}</p>`;
  return becomes(rows);
}

/** @param {TriedRows} rows */
const becomes = rows =>
  html`<div class="rl-stack-s">
    <div class="rl-row rl-wrap">
      <span class="rl-b">These become ${rows.type}</span>
      ${badge('', null, `tried on the first ${count(rows.rows_read, 'row')}`)}
    </div>
    ${rows.is_wanted ? nothing : html`<p class="rl-small rl-wrong">The stage learns from others.</p>`}
    ${account(rows)} ${examples(rows)}
  </div>`;
