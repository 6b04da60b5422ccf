// The question: a prompt, and one or two answers that nobody is named for.
import {html, live, nothing} from '../../components/html.js';
import {nextAttribute, setPoints, whyNot, write} from './acting.js';
import {excess, room} from './words.js';

/** @typedef {import('../../payloads').BallotView} BallotView */
/** @typedef {import('./session.js').Session} Session */

/** @type {Record<string, string>} */
const ROLES = {system: 'System', user: 'Prompt', assistant: 'Answer before', tool: 'Tool'};
const POINTS = [1, 2, 3, 4, 5];

/** @param {BallotView} ballot @param {string} rubric */
export const promptCard = ({turns}, rubric) =>
  html`<section class="rl-card rl-cb rl-vote-prompt" id="vote-prompt" tabindex="-1" aria-label="Prompt">
    ${turns.map(
      ({role, text}) =>
        html`<span class="rl-xs rl-faint">${ROLES[role] ?? role}</span>
          <p>${text}</p>`,
    )}
    ${rubric ? html`<p class="rl-small rl-muted">Look at: ${rubric}</p>` : nothing}
  </section>`;

/** @param {string} name @param {string} text @param {boolean} isAlone */
const answer = (name, text, isAlone = false) =>
  html`<article class="rl-vote-answer" aria-label=${name}>
    ${isAlone ? nothing : html`<h2>${name}</h2>`}
    <div class="rl-vote-words">${text.trim() ? text : html`<i class="rl-faint">No words.</i>`}</div>
  </article>`;

/** @param {Session} session */
export function answers(session) {
  const {ballot, question} = session;
  if (!ballot) return nothing;
  if (ballot.b === null)
    return html`${question === 'edit' ? nothing : answer('Answer', ballot.a, true)} ${asked(session)}`;
  return html`<div class="rl-vote-panes">${answer('Answer A', ballot.a)}${answer('Answer B', ballot.b)}</div>
    ${editing(session)}`;
}

/** @param {Session} session */
function asked(session) {
  if (session.question === 'attributes') return pointsOf(session);
  if (session.question === 'critique') return written(session, 'Your critique', 'Send the critique');
  if (session.question === 'edit') return written(session, 'The answer as it should be', 'Send the edit');
  return nothing;
}

/** The better answer of a pair, open to be changed. @param {Session} session */
function editing(session) {
  const {editing: side} = session.draft;
  if (side === '') return nothing;
  if (side === 'asked')
    return html`<p class="rl-small rl-vote-say" role="status">
      Press <kbd>A</kbd> or <kbd>B</kbd>: the better answer opens, and goes with your vote.
      <kbd>E</kbd> leaves it.
    </p>`;
  const name = `Answer ${side.toUpperCase()} as it should be`;
  return written(session, name, `Vote ${side.toUpperCase()} with this edit`, () =>
    session.change({editing: ''}),
  );
}

/**
 * @param {Session} session
 * @param {string} label
 * @param {string} words of the button
 * @param {(() => void) | null} leave
 */
function written(session, label, words, leave = null) {
  const send = () => write(session);
  /** @param {{target: HTMLTextAreaElement}} event */
  const onInput = ({target}) => session.change({text: target.value, isHeld: false});
  /** @param {KeyboardEvent & {target: HTMLElement}} event */
  const onKey = event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape') {
      event.target.blur();
      leave?.();
    }
  };
  return html`<div class="rl-fld">
    <label for="vote-text">${label}</label
    ><textarea
      class="rl-inp rl-vote-text"
      id="vote-text"
      rows="5"
      .value=${live(session.draft.text)}
      @input=${onInput}
      @keydown=${onKey}
      aria-describedby="vote-text-room vote-text-why"
    ></textarea>
    ${underneath(session)}
    <div class="rl-row rl-wrap rl-vote-send">
      <button type="button" class="rl-btn primary" ?disabled=${whyNot(session) !== ''} @click=${send}>
        ${words} <kbd>Ctrl Enter</kbd></button
      >${leave ? html`<button type="button" class="rl-btn" @click=${leave}>Leave it</button>` : nothing}
    </div>
  </div>`;
}

/** How long the text may still get, and why it cannot be sent. @param {Session} session */
function underneath(session) {
  const {text, isHeld} = session.draft;
  const longest = session.state?.longest ?? Infinity;
  const why = isHeld ? whyNot(session) : excess(text, longest);
  return html`<div class="rl-help rl-num" id="vote-text-room">${room(text, longest)}</div>
    <div class="rl-small rl-wrong" id="vote-text-why" role="alert">${why}</div>`;
}

/** @param {Session} session */
function pointsOf(session) {
  const next = nextAttribute(session);
  return html`<div class="rl-card rl-cb rl-vote-points">
    ${session.state?.votes.attributes.map(
      name =>
        html`<div class=${`rl-vote-attribute ${name === next ? 'now' : ''}`} role="group" aria-label=${name}>
          <span>${name}</span>
          <span class="rl-row"
            >${POINTS.map(
              points =>
                html`<button
                  type="button"
                  class="rl-btn"
                  aria-pressed=${String(session.draft.points[name] === points)}
                  @click=${() => setPoints(session, name, points)}
                >
                  ${points}
                </button>`,
            )}</span
          >
        </div>`,
    )}
  </div>`;
}
