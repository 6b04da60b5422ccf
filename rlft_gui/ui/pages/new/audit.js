// What the model's chat template makes of the first rows: tried in a short process while the summary is read.
import {card, skeleton} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {notes} from './audit_notes.js';
import {fact} from './fact.js';
import {refusal} from './refusal.js';

/** @typedef {import('../../payloads').Audit} Audit */
/**
 * `found` is null while it is being tried.
 * @typedef {{found: Audit | null, problem: string}} Trial
 */

/** @param {Trial} trial */
export const audit = trial =>
  card(
    {title: 'As the model reads it', sub: 'its chat template, tried on the first rows', id: 'audit'},
    html`<div>${contents(trial)}</div>`,
  );

/** @param {Trial} trial */
function contents({found, problem}) {
  if (problem) return html`<div class="rl-cb">${refusal('A run on this model would fail', problem)}</div>`;
  return found ? reading(found) : skeleton(72, 48);
}

/** @param {Audit} found */
function reading(found) {
  const said = notes(found);
  const isPlain = !found.example && !said.length;
  return html`<div class="rl-cb">
    ${said.map(note => html`<p class="rl-small rl-audit-note">${note}</p>`)}
    ${found.example ? example(found.example) : nothing}
    ${
      isPlain
        ? html`<p class="rl-small rl-muted">The chat template writes these prompts as they are.</p>`
        : nothing
    }
  </div>`;
}

/** @param {NonNullable<Audit['example']>} example */
const example = ({prompt, answer}) =>
  html`<dl class="rl-dl">${fact('Asked', text(prompt))} ${fact('Learnt', text(answer))}</dl>`;

/** @param {string} words with every special token */
const text = words => html`<pre class="rl-code rl-audited">${words}</pre>`;
