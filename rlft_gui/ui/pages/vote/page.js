// Vote: a person judges answers blind, one pair after another, by keyboard.
import {asked, remember} from '../../components/address.js';
import {note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {NoAnswer, sentence} from '../../components/call.js';
import {html, render} from '../../components/html.js';
import {pageTitle} from '../../components/page_title.js';
import {act} from './acting.js';
import {actionOf, isTyped} from './keys.js';
import {Memory} from './memory.js';
import {Outbox, sendTo} from './outbox.js';
import {Refused} from './refused.js';
import {Session} from './session.js';
import {Setup} from './setup.js';
import {setupView} from './setup_view.js';
import {votingView} from './voting_view.js';

/** @typedef {import('../../components/html.js').View} View */

const SILENT = 'The app did not answer. Reload the page.';
const CHOOSE = 'Judge answers blind, by keyboard. What you say becomes ratings and training data.';

/** @param {string} failure */
const failed = failure =>
  html`<div class="rl-stack">
    ${pageTitle({title: 'Vote'})} ${note('bad', 'This page could not be filled', failure)}
  </div>`;

/** @param {Setup} setup */
const choosing = setup =>
  html`<div class="rl-stack">
    ${pageTitle({title: 'Vote', text: CHOOSE, acts: link('/ratings', 'Ratings', 'rl-btn')})}
    ${setup.choices ? setupView(setup) : html`<div class="rl-card rl-cb">${skeleton(38, 92, 60)}</div>`}
  </div>`;

/**
 * What an earlier visit could not send, where no set is open that would do it.
 * @param {import('../../payloads').Server} server
 * @param {Memory} memory
 */
function sendLeft(server, {store}) {
  const refused = new Refused(store);
  const arrived = (
    /** @type {import('./outbox.js').Entry} */ entry,
    /** @type {import('../../payloads').VoteTaken} */ taken,
  ) => taken.refused && refused.keep(entry, taken.refused);
  const outbox = new Outbox({send: sendTo(server), arrived, changed: () => {}, store});
  void outbox.flush();
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  const memory = new Memory();
  let failure = '';
  /** @type {Session | null} */
  let session = null;

  /** @returns {View} */
  const view = () => {
    if (failure) return failed(failure);
    return session ? votingView(session, memory, draw) : choosing(setup);
  };
  const draw = () => {
    render(view(), root);
    if (session?.state || setup.choices) root.dataset.ready = '';
  };
  /** After a vote the next thing to do is to read: the focus goes to the prompt, never to a button. */
  const shown = () => {
    const prompt = /** @type {HTMLElement | null} */ (root.querySelector('#vote-prompt'));
    if (session?.seconds.length) prompt?.focus();
    root.dataset.ballot = session?.ballot?.id ?? '';
  };
  /** @param {unknown} error */
  const fail = error => {
    failure = error instanceof NoAnswer && error.told ? sentence(error) : SILENT;
    draw();
  };

  /**
   * A name or a set that the app does not take is named anew.
   * @param {unknown} error
   * @param {string} votes
   */
  const chooseAgain = (error, votes) => {
    if (!(error instanceof NoAnswer && error.told)) {
      fail(error);
      return;
    }
    session = null;
    setup.problem = sentence(error);
    draw();
    setup.open('', votes).catch(fail);
  };
  /** @param {string} votes */
  const begin = votes => {
    remember({votes, comparison: null});
    session = new Session({server, votes, rater: memory.rater, draw, shown, store: memory.store});
    draw();
    session.open().catch(error => chooseAgain(error, votes));
  };
  const setup = new Setup({server, memory, draw, begin});

  /** @param {KeyboardEvent} event */
  const onKey = event => {
    if (!session?.state || !root.isConnected || !memory.hasKeys) return;
    const action = actionOf(event, session.question, isTyped(event.target));
    if (!action) return;
    event.preventDefault();
    act(session, memory, action, root);
  };
  document.addEventListener('keydown', onKey);

  const votes = asked().get('votes');
  draw();
  if (votes && memory.rater) begin(votes);
  else {
    sendLeft(server, memory);
    setup.open(asked().get('comparison') ?? '', votes ?? '', asked().get('run') ?? '').catch(fail);
  }
}
