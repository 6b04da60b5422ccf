// Somebody to ask: one that is at hand, or a name of which only the beginning is offered.
import {html, live} from '../html.js';
import {textOf} from './line.js';
import {select} from './select.js';
import {shownJudge} from './typed.js';

/**
 * @param {import('./line.js').Control} control
 * @param {import('../../payloads').JudgeField} field
 */
export function judgeControl(control, field) {
  const {offer, name} = shownJudge(field, control.typed);
  const isOpen = field.offers[offer]?.[2] ?? false;
  const options = field.offers.map(([, words]) => words);
  /** @type {Parameters<typeof select>[2]} */
  const choose = (chosen, {currentTarget}) => {
    const [begin, , isNamed] = field.offers[chosen];
    control.changed({offer: chosen, name: begin});
    // Whoever chose one that has to be named goes on to name it.
    if (isNamed) /** @type {HTMLElement} */ (currentTarget.nextElementSibling).focus();
  };
  /** @param {Event} event */
  const onInput = event => control.changed({offer, name: textOf(event)});
  return html`${select(control, {options, place: offer}, choose)}<input
      class="rl-inp"
      autocomplete="off"
      aria-label=${`${field.title}: name`}
      ?hidden=${!isOpen}
      ?disabled=${control.isLocked}
      .value=${live(name)}
      @input=${onInput}
    />`;
}
