// The buttons of a vote, each with its key.
import {html, live, nothing} from '../../components/html.js';
import {segment} from '../../components/segment.js';
import {STRENGTHS} from './words.js';

/** @typedef {import('./keys.js').Action} Action */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {(action: Action) => void} Do */
/** @typedef {[string, string, Action, boolean?]} Offer words, key, action, whether it is large */

/** @type {Offer} */
const SKIP = ['Skip', 'S', {do: 'skip'}];

/** @type {Record<number, string>} */
const ENDS = {1: ', the worst', 5: ', the best'};

/** @type {Partial<Record<import('../../payloads').Question, Offer[]>>} */
const OFFERS = {
  pair: [
    ['A is better', 'A', {do: 'choose', choice: 'a'}, true],
    ['Tie', 'T', {do: 'choose', choice: 'tie'}],
    ['Both bad', 'X', {do: 'choose', choice: 'both_bad'}],
    SKIP,
    ['B is better', 'B', {do: 'choose', choice: 'b'}, true],
  ],
  likert: [1, 2, 3, 4, 5].map(points => [`${points}${ENDS[points] ?? ''}`, '', {do: 'points', points}]),
  thumb: [
    ['Good', 'G', {do: 'thumb', isGood: true}, true],
    ['Bad', 'B', {do: 'thumb', isGood: false}, true],
  ],
};

/** @param {string} key */
const hint = key => (key ? html`<kbd>${key}</kbd>` : nothing);

/** @param {Session} session @param {Do} doIt */
export function buttons({question}, doIt) {
  const offers = OFFERS[question] ?? [];
  const all = question === 'pair' ? offers : [...offers, SKIP];
  return html`<div class=${`rl-votes rl-votes-${question}`}>
    ${all.map(
      ([words, key, action, isLarge]) =>
        html`<button
          type="button"
          class=${`rl-btn ${isLarge ? 'rl-vote-big' : ''}`}
          @click=${() => doIt(action)}
        >
          ${words} ${hint(key)}
        </button>`,
    )}
  </div>`;
}

/** @param {Session} session @param {Do} doIt */
function strength({draft}, doIt) {
  return html`<div class="rl-tools">
    <span
      ><span class="rl-k">How much better?</span>${segment(
        {
          label: 'How much better',
          name: 'rl-vote-strength',
          value: String(draft.strength),
          options: STRENGTHS.map((words, at) => [String(at + 1), words]),
        },
        chosen => doIt({do: 'strength', strength: /** @type {1 | 2 | 3} */ (Number(chosen))}),
      )}</span
    >
  </div>`;
}

/** @type {Record<import('../../payloads').Question, [string, string, Action][]>} */
const HINTS = {
  pair: [
    ['N', 'add a note', {do: 'note'}],
    ['E', 'edit the better answer', {do: 'edit'}],
  ],
  likert: [['N', 'add a note', {do: 'note'}]],
  attributes: [['N', 'add a note', {do: 'note'}]],
  thumb: [['N', 'add a note', {do: 'note'}]],
  critique: [['N', 'write', {do: 'write'}]],
  edit: [['E', 'edit', {do: 'write'}]],
};

/** How much better, and what else there is. @param {Session} session @param {Do} doIt */
export function tools(session, doIt) {
  /** @type {[string, string, Action][]} */
  const offered = [['U', 'undo', {do: 'undo'}], ...HINTS[session.question], ['?', 'all keys', {do: 'help'}]];
  return html`<div class="rl-row rl-between rl-wrap">
    ${session.question === 'pair' ? strength(session, doIt) : html`<span></span>`}
    <span class="rl-vote-hints rl-xs rl-faint"
      >${
        session.question === 'pair'
          ? html`<span class="rl-vote-keyed"><kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd> how much</span>`
          : nothing
      }${offered.map(
        ([key, words, action]) =>
          html`<button
            type="button"
            class="rl-vote-hint"
            ?disabled=${action.do === 'undo' && !session.canUndo}
            @click=${() => doIt(action)}
          >
            <kbd>${key}</kbd> ${words}
          </button>`,
      )}</span
    >
  </div>`;
}

/** @param {Session} session */
export function noteField({draft, change}) {
  if (!draft.isNoting && !draft.note) return nothing;
  /** @param {KeyboardEvent & {target: HTMLElement}} event */
  const onKey = event => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    change({isNoting: false});
    document.getElementById('vote-prompt')?.focus();
  };
  return html`<div class="rl-fld">
    <label for="vote-note">Note, goes with the vote</label
    ><input
      class="rl-inp"
      id="vote-note"
      autocomplete="off"
      .value=${live(draft.note)}
      @input=${(/** @type {{target: HTMLInputElement}} */ {target}) => change({note: target.value})}
      @keydown=${onKey}
    />
    <div class="rl-help">Enter goes back to the keys.</div>
  </div>`;
}
