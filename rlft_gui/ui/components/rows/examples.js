// Rows of a dataset as they are learnt from: the prompt turn by turn, and the answers beside it.
import {html, nothing} from '../html.js';
import {icon} from '../icon.js';
import {number} from '../numbers.js';

/** @typedef {import('../../payloads').RowAccountShown} Account */
/** @typedef {import('../../payloads').ExampleRow} ExampleRow */
/** @typedef {import('../../payloads').Message} Message */
/** @typedef {'chosen' | 'rejected' | ''} Verdict */

/** @type {Record<string, string>} */
const ROLES = {user: 'Prompt', system: 'System', assistant: 'Answer', tool: 'Tool'};

/** @type {Record<Verdict, import('../html.js').View>} */
const MARKS = {chosen: icon('check'), rejected: icon('x'), '': nothing};

const SHOWN = 600; // characters of a text; the rest is folded away

/** @param {string} text */
function folded(text) {
  if (text.length <= SHOWN * 1.2) return html`<p>${text}</p>`;
  const rest = text.slice(SHOWN);
  return html`<p>${text.slice(0, SHOWN)}…</p>
    <details class="rl-small">
      <summary>${number(rest.length)} more characters</summary>
      <p>…${rest}</p>
    </details>`;
}

/** @param {string} name @param {string} text @param {Verdict} [verdict] */
const turn = (name, text, verdict = '') =>
  html`<div class=${`rl-turn ${verdict}`}><b>${MARKS[verdict]}${name}</b>${folded(text)}</div>`;

/** @param {string} name @param {readonly Message[] | null | undefined} messages @param {Verdict} [verdict] */
const answer = (name, messages, verdict) =>
  messages ? turn(name, messages.map(({content}) => content).join('\n'), verdict) : nothing;

/**
 * One answer: marked good or bad, with scores, or plain.
 * @param {ExampleRow} row
 */
function single({completion, label, scores}) {
  if (label === true) return answer('Good', completion, 'chosen');
  if (label === false) return answer('Bad', completion, 'rejected');
  const said = Object.entries(scores ?? {}).map(([name, score]) => `${name} ${number(score)}`);
  return answer(said.length ? `Answer: ${said.join(', ')}` : 'Answer', completion);
}

/** @param {ExampleRow} row @param {string} [name] which one it is */
export const example = (row, name = '') =>
  html`<li>
    ${name ? html`<span class="rl-row-nr">${name}</span>` : nothing}
    ${row.text == null ? nothing : turn('Text', row.text)}
    ${(row.prompt ?? []).map(({role, content}) => turn(ROLES[role] ?? role, content))} ${single(row)}
    ${answer('Chosen', row.chosen, 'chosen')} ${answer('Rejected', row.rejected, 'rejected')}
    ${(row.candidates ?? []).map((messages, place) => answer(`Answer ${place + 1}`, messages))}
  </li>`;

/** @param {Account} dataset */
export function examples({examples, rows}) {
  const which = examples.length === rows ? 'All its rows' : `The first ${examples.length} rows`;
  return html`<h3 class="rl-small">${which}</h3>
    <ol class="rl-examples" tabindex="0" aria-label="Example rows">
      ${examples.map(one => example(one))}
    </ol>`;
}
