// One of several, as a native select. Options are told apart by their places, for their values are of any
// type.
import {html, live} from '../html.js';
import {invalid} from './line.js';

/** @typedef {import('./line.js').Control} Control */

/**
 * @param {Control} control
 * @param {{options: string[], place: number, hidden?: number}} shown `hidden`: the place of one that cannot
 * be chosen
 * @param {(place: number, event: Event & {currentTarget: HTMLSelectElement}) => void} choose
 */
export function select(control, {options, place, hidden = -1}, choose) {
  /** @param {Event & {currentTarget: HTMLSelectElement}} event */
  const onChange = event => choose(event.currentTarget.selectedIndex, event);
  return html`<select
    class="rl-inp"
    id=${control.id}
    aria-describedby=${control.describedBy}
    aria-invalid=${invalid(control.isWrong)}
    ?disabled=${control.isLocked}
    @change=${onChange}
  >
    ${options.map(
      (words, at) =>
        html`<option ?hidden=${at === hidden} ?disabled=${at === hidden} .selected=${live(at === place)}>
          ${words}
        </option>`,
    )}
  </select>`;
}
