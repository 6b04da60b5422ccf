// Rows of a dataset as they are learnt from: the prompt turn by turn, and the answers beside it.
import {html, nothing} from '../html.js';
import {icon} from '../icon.js';
import {number} from '../numbers.js';

/** @typedef {import('../../payloads').RowAccountShown} Account */
/** @typedef {import('../../payloads').ExampleRow} ExampleRow */
/** @typedef {import('../../payloads').Message} Message */
/** @typedef {'chosen' | 'rejected' | ''} Verdict */

/** @type {Record<string, string>} */
const ROLES = {user: 'Prompt', system: 'System', assistant: 'Answer'};

/** @type {Record<Verdict, import('../html.js').View>} */
const MARKS = {chosen: icon('check'), rejected: icon('x'), '': nothing};

/** @param {string} name @param {string} text @param {Verdict} [verdict] */
const turn = (name, text, verdict = '') =>
  html`<div class=${`rl-turn ${verdict}`}>
    <b>${MARKS[verdict]}${name}</b>
    <p>${text}</p>
  </div>`;

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

/** @param {ExampleRow} row */
const example = row =>
  html`<li>
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
      ${examples.map(example)}
    </ol>`;
}
