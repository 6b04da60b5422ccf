// What is on screen while a person votes.
import {address} from '../../components/address.js';
import {card, empty, note, progress, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {html, keyed, live, nothing} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {pageTitle} from '../../components/page_title.js';
import {act} from './acting.js';
import {answers, promptCard} from './ballot_view.js';
import {buttons, noteField, tools} from './buttons_view.js';
import {keysOf} from './keys.js';
import {refusedCard} from './refused_view.js';
import {lastCard, soFarCard} from './told_view.js';
import {TITLES, about, kept, place, timeLeft} from './words.js';

/** @typedef {import('../../components/html.js').View} View */
/** @typedef {import('./keys.js').Action} Action */
/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./session.js').Session} Session */

/** @param {Session} session @param {Memory} memory */
function head({question, state}, memory) {
  const who = html` You vote as <b>${state?.rater ?? memory.rater}</b>.`;
  return pageTitle({
    title: TITLES[question],
    text: html`${about(question)}${who}${state?.progress.note ? html` ${state.progress.note}` : nothing}`,
    acts: link('/vote', 'Leave, keep my votes', 'rl-btn'),
  });
}

/** @param {Session} session */
function how(session) {
  const {state, unsent, isOver, question} = session;
  if (!state || isOver) return nothing;
  const judged = state.progress.judged + unsent;
  const left = Math.max(0, state.progress.left - unsent);
  return html`<div>
    <div class="rl-row rl-between rl-small rl-muted rl-vote-how">
      <b class="rl-num">${place(judged, left, question)}</b
      ><span class="rl-num">${timeLeft(session.seconds, left)}</span>
    </div>
    ${progress((100 * judged) / Math.max(1, judged + left), 'Votes')}
  </div>`;
}

/** Amber, while votes wait in the browser. @param {Session} session */
const unsent = ({outbox, unsent: waiting}) =>
  outbox.isLost && waiting
    ? html`<div class="rl-off rl-vote-kept" role="status">
        ${icon('warn')}<span>${kept(waiting, outbox.trouble)}</span
        ><button type="button" @click=${() => outbox.flush()}>Try now</button>
      </div>`
    : nothing;

/** @param {Session} session */
const over = ({votes}) =>
  html`<div class="rl-card">
    ${empty(
      'That was all',
      'There is nothing left for you to judge in this set. What you said is kept.',
      html`<div class="rl-acts">
        ${link(address('/ratings', {votes}), 'See how the models stand', 'rl-btn primary')}
        ${link(`${address('/ratings', {votes})}#have-judge`, 'Have a judge vote', 'rl-btn')}
        ${link('/vote', 'Judge something else', 'rl-btn')}
      </div>`,
    )}
  </div>`;

/** @param {Session} session @param {(action: Action) => void} doIt */
function ballot(session, doIt) {
  if (session.isOver) return over(session);
  if (!session.state || !session.ballot)
    return html`<div class="rl-card rl-cb">${skeleton(60, 92, 84)}</div>`;
  return html`<div class="rl-stack" id="vote-ballot">
    ${keyed(session.ballot.id, promptCard(session.ballot, session.state.votes.rubric))} ${answers(session)}
    ${buttons(session, doIt)} ${noteField(session)}
  </div>`;
}

/** @param {Session} session @param {Memory} memory */
const help = ({question}, memory) =>
  memory.isHelpOpen
    ? card(
        {title: 'All keys', id: 'vote-keys'},
        html`<dl class="rl-cb rl-vote-keys">
          ${keysOf(question).map(
            ({key, words}) =>
              html`<div>
                <dt><kbd>${key}</kbd></dt>
                <dd>${words}</dd>
              </div>`,
          )}
          <div>
            <dt><kbd>Ctrl Enter</kbd></dt>
            <dd>send what is written</dd>
          </div>
          <div>
            <dt><kbd>Esc</kbd></dt>
            <dd>leave a field</dd>
          </div>
        </dl>`,
      )
    : nothing;

/** @param {Memory} memory @param {() => void} draw */
const keySwitch = (memory, draw) =>
  html`<label class="rl-small rl-muted rl-vote-switch"
    ><input
      type="checkbox"
      .checked=${live(memory.hasKeys)}
      @change=${() => {
        memory.hasKeys = !memory.hasKeys;
        draw();
      }}
    />
    Single keys vote on this page</label
  >`;

/**
 * @param {Session} session
 * @param {Memory} memory
 * @param {() => void} draw
 */
export function votingView(session, memory, draw) {
  /** @param {Action} action */
  const doIt = action => act(session, memory, action, document.body);
  const classes = `rl-stack rl-voting ${memory.hasKeys ? '' : 'rl-no-keys'}`;
  return html`<div class=${classes}>
    ${head(session, memory)} ${unsent(session)} ${how(session)}
    ${session.problem ? note('bad', 'That did not work', session.problem) : nothing} ${refusedCard(session)}
    <div>${ballot(session, doIt)}</div>
    ${session.ballot && session.state ? tools(session, doIt) : nothing} ${help(session, memory)}
    <div class="rl-two">${lastCard(session, doIt)} ${soFarCard(session)}</div>
    ${keySwitch(memory, draw)}
  </div>`;
}
