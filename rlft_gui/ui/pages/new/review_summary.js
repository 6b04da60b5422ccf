// What will run, in a list: model, method, data, judges, and what differs from what was proposed.
import {card} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, nothing} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {bytes, count, number} from '../../components/numbers.js';
import {save} from '../../components/save.js';
import {continuedRun} from './continued_run.js';
import {fact} from './fact.js';
import {probes} from './probe_words.js';
import {DATA, METHOD, MODEL, SETTINGS, stepAddress} from './steps.js';

/** @typedef {import('../../payloads').ReviewStep} ReviewStep */
/** @typedef {import('../../payloads').KnownModel} KnownModel */
/** @typedef {import('../../components/html.js').View} View */

/** @param {number} step */
const edit = step => link(stepAddress(step), 'Edit');
/**
 * Of the lines of one fact, the first leads to where they are changed.
 * @param {number} place
 * @param {number} step
 */
const editFirst = (place, step) => (place === 0 ? edit(step) : nothing);
/** @param {View} words */
const faint = words => html`<span class="rl-faint">${words}</span>`;

/** @param {ReviewStep} review */
export const summary = review =>
  card(
    {title: 'Summary', id: 'summary'},
    html`<div class="rl-cb">
      <dl class="rl-dl">
        ${fact('Name', html`<span class="rl-b">${review.title || 'none yet'}</span> ${edit(SETTINGS)}`)}
        ${base(review)} ${method(review)} ${datasets(review)} ${judges(review)}
        ${review.review ? fact('Pause', pause()) : nothing} ${fact('Probes', probes(review))} ${disk(review)}
        ${fact('Changed', changes(review))} ${recipeFile(review)}
      </dl>
    </div>`,
  );

/** @param {ReviewStep} review */
function base({model}) {
  if (!model) return fact('Base model', html`none yet ${edit(MODEL)}`);
  const {title, run, note} = model;
  const words = html`${title} ${edit(MODEL)}${faint(shape(model))}${note ? faint(note) : nothing}`;
  return html`${fact('Base model', words)} ${run ? fact('Continues', continuedRun(run)) : nothing}`;
}

/** @param {KnownModel} model */
function shape({architecture, context}) {
  const room = context ? `context ${number(context)} tokens` : '';
  return [architecture, room].filter(Boolean).join(', ');
}

/** @param {ReviewStep} review */
function method({method, options}) {
  const name = method
    ? html`<span class="rl-meth">${glyph(method.palette)}${method.title}</span>`
    : 'none yet';
  const chosen = options.map(([option, value]) => faint(`${option}: ${value}`));
  return fact('Method', html`${name} ${edit(METHOD)}${chosen}`);
}

/** @param {ReviewStep} review */
function datasets({data, kept_out, few_pairs: few}) {
  if (!data.length) return nothing;
  const lines = data.map(
    (dataset, place) =>
      html`<div>${dataset.stage}: ${dataset.name} ${editFirst(place, DATA)}${faint(rowsOf(dataset))}</div>`,
  );
  const told = few.map(words => html`<div class="rl-tight-room">${icon('warn')} ${words}</div>`);
  return fact('Data', html`${lines}${told}${kept_out.map(faint)}`);
}

/** @param {ReviewStep['data'][number]} dataset */
export function rowsOf({rows, dropped, reasons}) {
  if (rows == null) return '';
  if (!dropped) return count(rows, 'row');
  const why = Object.entries(reasons).map(([reason, lost]) => `${number(lost)}: ${reason}`);
  return `${count(rows, 'row')}, ${number(dropped)} dropped. ${why.join(' ')}`;
}

/** @param {ReviewStep} review */
function judges({judged}) {
  if (!judged.length) return nothing;
  const lines = judged.map(
    ({stage, title, value}, place) =>
      html`<div>${stage}: ${title} ${value} ${editFirst(place, SETTINGS)}</div>`,
  );
  return fact('Judged by', lines);
}

const pause = () => html`After every stage that makes rows, until you have looked at them. ${edit(METHOD)}`;

/** @param {ReviewStep} review */
function disk({room}) {
  if (!room) return nothing;
  const where = room.is_budget ? 'that the budget leaves' : 'that are free';
  const words = `Takes about ${bytes(room.needed)} at most of ${bytes(room.left)} ${where};
    ${bytes(room.stays)} stay.`;
  const warning = html`<span class="rl-tight-room">${icon('warn')} It will be tight.</span>
    ${edit(SETTINGS)}`;
  return fact('Disk', html`${words} ${room.is_tight ? warning : nothing}`);
}

/** @param {ReviewStep} review */
function changes({changes}) {
  if (!changes.length) return html`Nothing: all values are as proposed. ${edit(SETTINGS)}`;
  return changes.map(
    ({stage, title, value, source, proposed}, place) =>
      html`<div>
        ${stage}: ${title} ${value} ${editFirst(place, SETTINGS)}${faint(`${source} has ${proposed}`)}
      </div>`,
  );
}

/** @param {ReviewStep} review */
function recipeFile({file}) {
  if (!file) return nothing;
  const download = button(`Download ${file.name}`, () => save(file.name, file.text), {kind: 'sm'});
  return fact(
    'Recipe file',
    html`${download}${faint('The recipe on this page, for a terminal or for later.')}`,
  );
}
