// Reward terms with their weights, or one term alone: a list to fill in, and the same as text behind it.
import {html, live, nothing} from '../html.js';
import {invalid, textOf} from './line.js';
import {lines} from './lines.js';
import {linesOf, newTerm, textOfLines} from './reward_terms.js';
import {termRow} from './term_row.js';
import {shownText} from './typed.js';

/** @typedef {import('../../payloads').RewardsField} RewardsField */
/** @typedef {import('../../payloads').TermKind} TermKind */
/** @typedef {import('./line.js').Control} Control */
/** @typedef {import('./reward_terms.js').Line} Line */

/** @param {string} text @param {boolean} isOne @returns {Line[]} */
const readText = (text, isOne) => (isOne ? (text ? [{term: text, weight: ''}] : []) : linesOf(text));

/** @param {readonly Line[]} rows @param {boolean} isOne */
const writtenText = (rows, isOne) => (isOne ? (rows[0]?.term ?? '') : textOfLines(rows));

/**
 * @param {Control} control
 * @param {RewardsField} field
 */
export function rewardsControl(control, field) {
  const isOne = field.kind === 'reward';
  const text = shownText(field, control.typed);
  const rows = readText(text, isOne);
  /** @param {Line[]} changed */
  const change = changed => control.changed(writtenText(changed, isOne));
  return html`<div
    class="rl-terms"
    role="group"
    id=${control.id}
    aria-labelledby=${`${control.id}-label`}
    aria-describedby=${control.describedBy}
  >
    <ul ?hidden=${!rows.length}>
      ${rows.map((row, place) => termOf(row, place, rows, {control, field, isOne, change}))}
    </ul>
    ${isOne && rows.length ? nothing : adding(field, control.isLocked, rows, change)}
    ${asText(control, field, text, isOne)}
  </div>`;
}

/**
 * @param {Line} row
 * @param {number} place
 * @param {readonly Line[]} rows
 * @param {{control: Control, field: RewardsField, isOne: boolean, change: (rows: Line[]) => void}} state
 */
function termOf({term, weight}, place, rows, {control, field, isOne, change}) {
  /** @param {Partial<Line>} said */
  const put = said => change(rows.map((row, at) => (at === place ? {...row, ...said} : row)));
  return termRow({term, weight: isOne ? undefined : weight, isLocked: control.isLocked}, field.offers, {
    say: changed => put({term: changed}),
    weigh: changed => put({weight: changed}),
    remove: ({currentTarget}) => {
      const group = currentTarget.closest('.rl-terms');
      change(rows.filter((_, at) => at !== place));
      focus(group, '.rl-adding > summary'); // the button that was pressed is gone
    },
  });
}

/**
 * @param {RewardsField} field
 * @param {boolean} isLocked
 * @param {readonly Line[]} rows
 * @param {(rows: Line[]) => void} change
 */
function adding({offers}, isLocked, rows, change) {
  if (isLocked) return nothing;
  /** @param {TermKind} kind @param {Event & {currentTarget: HTMLButtonElement}} event */
  const add = (kind, {currentTarget}) => {
    const group = currentTarget.closest('.rl-terms');
    currentTarget.closest('details')?.removeAttribute('open');
    change([...rows, {term: newTerm(kind), weight: '1'}]);
    focus(group, '.rl-term:last-child :is(input, select, button)');
  };
  return html`<details class="rl-text rl-adding">
    <summary>Add a term</summary>
    <ul>
      ${offers.map(
        kind =>
          html`<li>
            <button
              type="button"
              class="rl-link"
              @click=${(/** @type {Event & {currentTarget: HTMLButtonElement}} */ event) => add(kind, event)}
            >
              ${kind.title}
            </button>
            <span class="rl-help">${kind.about}</span>
          </li>`,
      )}
    </ul>
  </details>`;
}

/**
 * @param {Control} control
 * @param {RewardsField} field
 * @param {string} text
 * @param {boolean} isOne
 */
function asText(control, {title, offers}, text, isOne) {
  /** @param {Event & {currentTarget: HTMLDetailsElement}} event */
  const onToggle = event => control.unfolded(event.currentTarget.open);
  const shown = {
    text,
    isLocked: control.isLocked,
    label: `${title}, as text`,
    invalid: invalid(control.isWrong),
  };
  const rows = Math.max(2, text.split('\n').length + 1);
  return html`<details class="rl-text" ?open=${live(control.isOpen)} @toggle=${onToggle}>
    <summary>As text</summary>
    ${isOne ? oneLine(shown, control.changed) : lines({...shown, rows}, control.changed)}
    <p class="rl-help">
      ${isOne ? 'One of' : 'One a line, each with its weight, as in length:5-60: 0.2. Terms'}:
      ${offers.map(({written}) => written).join(' · ')}.
    </p>
  </details>`;
}

/**
 * @param {{text: string, isLocked: boolean, label: string, invalid: import('../html.js').View}} shown
 * @param {(text: string) => void} changed
 */
const oneLine = ({text, isLocked, label, invalid}, changed) =>
  html`<input
    class="rl-inp"
    autocomplete="off"
    spellcheck="false"
    aria-label=${label}
    aria-invalid=${invalid}
    ?disabled=${isLocked}
    .value=${live(text)}
    @input=${(/** @type {Event} */ event) => changed(textOf(event))}
  />`;

/** @param {Element | null} group @param {string} selector */
function focus(group, selector) {
  /** @type {HTMLElement | null | undefined} */
  const node = group?.querySelector(selector);
  node?.focus();
}
