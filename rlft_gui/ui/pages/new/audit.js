// What the model's chat template makes of the first rows: tried in a short process while the summary is read.
import {card, skeleton} from '../../components/blocks.js';
import {classMap, html, nothing} from '../../components/html.js';
import {count} from '../../components/numbers.js';
import {notes} from './audit_notes.js';
import {refusal} from './refusal.js';

/** @typedef {import('../../payloads').Audit} Audit */
/** @typedef {Audit['conversations'][number]} Conversation */
/**
 * `found` is null while it is being tried.
 * @typedef {{found: Audit | null, problem: string}} Trial
 */

/** @type {Record<string, string>} */
const NAMES = {
  '': 'Prompt',
  completion: 'Answer',
  chosen: 'Chosen',
  rejected: 'Rejected',
  text: 'Text',
  goes_on: 'Text, going on',
};

const DOCUMENTS = new Set(['text', 'goes_on']);

/** @param {Trial} trial */
export const audit = trial =>
  card({title: 'As the model reads it', sub: tried(trial), id: 'audit'}, html`<div>${contents(trial)}</div>`);

/** Documents go past the chat template. @param {Trial} trial */
const tried = ({found}) =>
  found?.conversations.length && found.conversations.every(({answer}) => DOCUMENTS.has(answer))
    ? 'the first rows, without its chat template'
    : 'its chat template, tried on the first rows';

/** @param {Trial} trial */
function contents({found, problem}) {
  if (problem) return html`<div class="rl-cb">${refusal('A run on this model would fail', problem)}</div>`;
  return found ? reading(found) : skeleton(72, 48);
}

/** @param {Audit} found */
const reading = found =>
  html`<div class="rl-cb">
    ${notes(found).map(note => html`<p class="rl-small rl-audit-note">${note}</p>`)}
    ${found.conversations.length ? conversations(found.conversations) : nothing}
  </div>`;

/** @param {Audit['conversations']} all */
const conversations = all =>
  html`<p class="rl-small rl-muted rl-audit-note">
      <span class="rl-piece learnt">Learnt</span>, only read, <span class="rl-piece special">a mark</span>
      ${all.some(({cut}) => cut) ? html`, <span class="rl-piece cut">cut at the longest row</span>` : nothing}
    </p>
    <ol class="rl-audited" tabindex="0" aria-label="The first rows as the model reads them">
      ${all.map(conversation)}
    </ol>`;

/** @param {Conversation} conversation */
const conversation = ({answer, pieces, cut}) =>
  html`<li>
    <b class="rl-small">${NAMES[answer] ?? answer}${cut ? `, ${count(cut, 'token')} cut` : ''}</b>
    <pre>${pieces.map(piece)}</pre>
  </li>`;

/** @param {Conversation['pieces'][number]} piece */
function piece({text, is_learnt: isLearnt, is_special: isSpecial, is_cut: isCut}) {
  const classes = classMap({'rl-piece': true, learnt: isLearnt, special: isSpecial, cut: isCut});
  return html`<span class=${classes}>${text}</span>`;
}
