// One reward term: what it is, its parts, its weight, and a way to be rid of it.
import {button} from '../button.js';
import {html, live, nothing} from '../html.js';
import {textOf} from './line.js';
import {termOf, toldOf} from './reward_terms.js';

/** @typedef {import('../../payloads').TermKind} TermKind */
/** @typedef {TermKind['parts'][number]} TermPart */

/**
 * @typedef {object} Row
 * @property {string} term
 * @property {string} [weight] none where a term stands alone
 * @property {boolean} isLocked
 */
/**
 * @typedef {object} Acts
 * @property {(term: string) => void} say
 * @property {(weight: string) => void} [weigh]
 * @property {(event: Event & {currentTarget: HTMLButtonElement}) => void} remove
 */

const UNKNOWN = 'No term of the list, or one that is written in another way.';
/** @type {TermPart} */
const WHOLE = {title: 'Term', mark: '', choices: []};

/**
 * @param {Row} row
 * @param {readonly TermKind[]} kinds
 * @param {Acts} acts
 */
export function termRow({term, weight, isLocked}, kinds, acts) {
  const {kind, values} = toldOf(term, kinds);
  const title = kind?.title ?? 'Another term';
  /** @param {number} place @param {string} value */
  const say = (place, value) =>
    acts.say(
      kind
        ? termOf(
            kind,
            values.map((old, at) => (at === place ? value : old)),
          )
        : value,
    );
  return html`<li class="rl-term">
    <div class="rl-term-what">
      <b>${title}</b>
      <p class="rl-help">${kind?.about ?? UNKNOWN}</p>
    </div>
    ${(kind?.parts ?? [WHOLE]).map((part, place) =>
      partOf(part, values[place], isLocked, value => say(place, value)),
    )}
    ${weight === undefined ? nothing : weightOf(title, weight, isLocked, acts)}
    ${button(html`Remove<span class="rl-vh"> ${title}</span>`, acts.remove, {kind: 'sm', disabled: isLocked})}
  </li>`;
}

/**
 * @param {TermPart} part
 * @param {string} value
 * @param {boolean} isLocked
 * @param {(value: string) => void} say
 */
function partOf({title, choices}, value, isLocked, say) {
  /** @param {Event & {currentTarget: HTMLSelectElement}} event */
  const onChange = event => say(event.currentTarget.value);
  const control = choices.length
    ? html`<select class="rl-inp" ?disabled=${isLocked} .value=${live(value)} @change=${onChange}>
        ${choices.map(choice => html`<option ?selected=${choice === value}>${choice}</option>`)}
      </select>`
    : line(value, isLocked, say);
  return html`<label class="rl-term-part">${title}${control}</label>`;
}

/**
 * @param {string} title
 * @param {string} weight
 * @param {boolean} isLocked
 * @param {Acts} acts
 */
const weightOf = (title, weight, isLocked, {weigh = () => {}}) =>
  html`<label class="rl-term-part weight"
    >Weight<span class="rl-vh"> of ${title}</span>${line(weight, isLocked, weigh, 'decimal')}</label
  >`;

/**
 * @param {string} value
 * @param {boolean} isLocked
 * @param {(value: string) => void} say
 * @param {'text' | 'decimal'} [mode] keys of a phone
 */
const line = (value, isLocked, say, mode = 'text') =>
  html`<input
    class="rl-inp"
    autocomplete="off"
    spellcheck="false"
    inputmode=${mode}
    ?disabled=${isLocked}
    .value=${live(value)}
    @input=${(/** @type {Event} */ event) => say(textOf(event))}
  />`;
