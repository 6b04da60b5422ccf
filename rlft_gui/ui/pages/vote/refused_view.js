// Words of votes that were refused, to be copied.
import {card} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {say} from '../../components/say.js';
import {wordsOf} from './refused.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./refused.js').RefusedEntry} RefusedEntry */

const COPIED = 'Copied.';
const BY_HAND = 'The browser does not let this page copy. The words are marked: press Ctrl+C.';

/** @param {string} id of the field that holds the words */
async function copy(id) {
  const field = /** @type {HTMLTextAreaElement} */ (document.getElementById(id));
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say(COPIED);
  } catch {
    say(BY_HAND);
  }
}

/** @param {RefusedEntry} entry @param {Session} session */
function row(entry, session) {
  const id = `vote-refused-${entry.ballot}`;
  return html`<div class="rl-fld">
    <label for=${id}>${entry.why}</label
    ><textarea class="rl-inp" id=${id} rows="3" readonly .value=${wordsOf(entry)}></textarea>
    <div class="rl-row rl-wrap rl-vote-send">
      ${button('Copy the words', () => void copy(id), {kind: 'sm'})}
      ${button('Let them go', () => session.forget(entry), {kind: 'sm'})}
    </div>
  </div>`;
}

/** @param {Session} session */
export const refusedCard = session =>
  session.refused.entries.length
    ? card(
        {title: 'What you wrote and the app did not take', id: 'vote-refused'},
        html`<div class="rl-cb rl-stack">${session.refused.entries.map(entry => row(entry, session))}</div>`,
      )
    : nothing;
