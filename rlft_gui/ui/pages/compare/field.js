// The controls of the form, each with a sentence on what is wrong with it.
import {html, ifDefined, live, nothing} from '../../components/html.js';
import {icon} from '../../components/icon.js';

/** @typedef {Record<string, string>} Problems a sentence by field */
/** @typedef {{target: HTMLInputElement | HTMLTextAreaElement}} Input */

/** @param {string} name */
export const controlId = name => `compare-${name}`;
/** @param {string} name */
const problemId = name => `compare-${name}-problem`;

/** @param {string} name @param {Problems} problems */
export const isInvalid = (name, problems) => ifDefined(problems[name] ? 'true' : undefined);

/** @param {string} name @param {Problems} problems */
export const describedBy = (name, problems) => ifDefined(problems[name] ? problemId(name) : undefined);

/** Empty while nothing is wrong. @param {string} name @param {Problems} problems */
export function problem(name, problems) {
  const sentence = problems[name];
  const words = sentence ? html`${icon('warn')}<span>${sentence}</span>` : nothing;
  return html`<div class="rl-err" role="alert" id=${problemId(name)}>${words}</div>`;
}

/**
 * A narrow field; its sentence stands below the row.
 * @param {import('../../payloads').SamplingField} field
 * @param {string} typed
 * @param {Problems} problems
 * @param {(typed: string) => void} type
 */
export function samplingField({name, title, about, kind}, typed, problems, type) {
  const onInput = (/** @type {Input} */ {target}) => type(target.value);
  const control =
    kind === 'text'
      ? html`<textarea
          class="rl-inp"
          rows="1"
          id=${controlId(name)}
          title=${about}
          aria-invalid=${isInvalid(name, problems)}
          aria-describedby=${describedBy(name, problems)}
          .value=${live(typed)}
          @input=${onInput}
        ></textarea>`
      : html`<input
          class="rl-inp"
          inputmode="decimal"
          autocomplete="off"
          id=${controlId(name)}
          title=${about}
          aria-invalid=${isInvalid(name, problems)}
          aria-describedby=${describedBy(name, problems)}
          .value=${live(typed)}
          @input=${onInput}
        />`;
  return html`<div class=${`rl-fld ${kind === 'text' ? 'wide' : ''}`}>
    <label for=${controlId(name)}>${title}</label>${control}
  </div>`;
}
