// The chosen method's own options. A choice of few is drawn as buttons side by side.
import {field} from '../../components/controls/field.js';
import {html, keyed} from '../../components/html.js';
import {segment} from '../../components/segment.js';

/** @typedef {import('../../components/controls/typed.js').FormField} FormField */
/** @typedef {import('../../components/controls/typed.js').Typed} Typed */
/** @typedef {import('../../payloads').MethodPlan} MethodPlan */

const MOST_BUTTONS = 4;

/**
 * @typedef {object} Options
 * @property {string} method
 * @property {MethodPlan} plan
 * @property {Record<string, Typed>} typed by option
 * @property {(field: FormField, typed: Typed) => void} changed
 */

/** @param {FormField} option @param {string} id @param {Options} options */
function control(option, id, {plan, typed, changed}) {
  /** @param {Typed} held */
  const onChange = held => changed(option, held);
  if (option.kind !== 'choice' || option.offers.length > MOST_BUTTONS)
    return field(option, {
      id,
      typed: typed[option.name],
      error: plan.problems[option.name] ?? '',
      changed: onChange,
    });
  const value = String(typed[option.name] ?? option.value);
  /** @type {[string, string][]} */
  const offers = option.offers.map(([offered, words]) => [String(offered), words]);
  /** @param {string} chosen */
  const choose = chosen => onChange(option.offers[offers.findIndex(([offered]) => offered === chosen)][0]);
  return html`<div class="rl-set" id=${id}>
    <span class="rl-lab">${option.title}</span>
    ${segment({label: option.title, name: id, value, options: offers}, choose)}
    <div class="rl-help">${option.help}</div>
  </div>`;
}

/** @param {Options} options */
export const methodOptions = options =>
  keyed(
    options.method,
    html`<div class="rl-sets rl-choices">
      ${options.plan.options.map(option =>
        control(option, `option-${option.name}`.replaceAll('_', '-'), options),
      )}
    </div>`,
  );
