// What may be left out of a method's stages, and whether to wait for a look at the rows that they make.
import {html, live, repeat} from '../../components/html.js';

/** @typedef {import('../../payloads').MethodPlan} MethodPlan */

/**
 * @typedef {object} Box
 * @property {string} id
 * @property {boolean} isOn
 * @property {string} words
 * @property {string} more
 * @property {(isOn: boolean) => void} changed
 */

/** @param {Box} box */
function box({id, isOn, words, more, changed}) {
  /** @param {Event & {currentTarget: HTMLInputElement}} event */
  const onChange = event => changed(event.currentTarget.checked);
  return html`<label class="rl-warm rl-small"
    ><input type="checkbox" id=${id} .checked=${live(isOn)} @change=${onChange} /><span
      >${words} <span class="rl-faint">${more}</span></span
    ></label
  >`;
}

/**
 * @param {MethodPlan} plan
 * @param {{skip: readonly string[], review: boolean}} choice
 * @param {{include: (stage: string, isIn: boolean) => void, pause: (isOn: boolean) => void}} act
 */
export function methodBoxes(plan, {skip, review}, {include, pause}) {
  /** @type {Box[]} */
  const boxes = plan.optional.map(({name, title, without}) => ({
    id: `with-${name}`,
    isOn: !skip.includes(name),
    words: `With ${title}.`,
    more: `Left out, ${without}.`,
    changed: isOn => include(name, isOn),
  }));
  if (plan.generates_rows)
    boxes.push({
      id: 'review-rows',
      isOn: review,
      words: 'Pause for review.',
      more: 'After a stage that makes rows, wait until you have looked at them.',
      changed: pause,
    });
  return html`<div class="rl-boxes" ?hidden=${boxes.length === 0}>${repeat(boxes, ({id}) => id, box)}</div>`;
}
