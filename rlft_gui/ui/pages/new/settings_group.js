// The settings of one stage: the basic ones, and the others folded away.
import {card} from '../../components/blocks.js';
import {field} from '../../components/controls/field.js';
import {html, nothing, repeat} from '../../components/html.js';
import {advancedId, fieldId, isUsed, textId} from './form.js';

/** @typedef {import('../../components/controls/typed.js').FormField} FormField */
/** @typedef {import('../../components/controls/typed.js').Typed} Typed */
/** @typedef {import('../../payloads').SettingsGroup} SettingsGroup */
/** @typedef {import('./form.js').Form} Form */

/**
 * @typedef {object} Acts
 * @property {(group: string, field: FormField, typed: Typed) => void} change
 * @property {(id: string, isOpen: boolean) => void} unfold
 */

/**
 * The stages are numbered; what stands before them, the pipeline itself, is not.
 * @param {string} title
 * @param {number} place
 */
export const numbered = (title, place) => (place ? `${place}. ${title}` : title);

/**
 * @param {SettingsGroup} group
 * @param {number} place
 * @param {Form} form
 * @param {Acts} acts
 */
export function settingsGroup(group, place, form, acts) {
  const basic = group.fields.filter(({advanced}) => !advanced);
  return card(
    {title: numbered(group.title, place), sub: group.sub, id: `group-${group.name}`},
    html`<div class="rl-cb rl-sets">
      ${settings(group, basic, form, acts)}${advanced(group, form, acts)}
    </div>`,
  );
}

/**
 * @param {SettingsGroup} group
 * @param {readonly FormField[]} fields
 * @param {Form} form
 * @param {Acts} acts
 */
const settings = (group, fields, form, acts) =>
  html`${repeat(
    fields,
    ({name}) => name,
    shown => setting(group, shown, form, acts),
  )}`;

/**
 * @param {SettingsGroup} group
 * @param {Form} form
 * @param {Acts} acts
 */
function advanced(group, form, acts) {
  const fields = group.fields.filter(({advanced}) => advanced);
  if (!fields.length) return nothing;
  const id = advancedId(group.name);
  /** @param {Event & {currentTarget: HTMLDetailsElement}} event */
  const onToggle = event => acts.unfold(id, event.currentTarget.open);
  return html`<details class="rl-advanced" id=${id} ?open=${form.open.has(id)} @toggle=${onToggle}>
    <summary>Advanced</summary>
    <div class="rl-sets">${settings(group, fields, form, acts)}</div>
  </details>`;
}

/**
 * @param {SettingsGroup} group
 * @param {FormField} shown
 * @param {Form} form
 * @param {Acts} acts
 */
function setting(group, shown, {typed, problems, open}, {change, unfold}) {
  const text = textId(group.name, shown.name);
  return field(shown, {
    id: fieldId(group.name, shown.name),
    typed: typed[group.name]?.[shown.name],
    error: problems[group.name]?.[shown.name] ?? '',
    isHidden: !isUsed(group, typed[group.name], shown.name),
    isOpen: open.has(text),
    changed: held => change(group.name, shown, held),
    unfolded: isOpen => unfold(text, isOpen),
  });
}
