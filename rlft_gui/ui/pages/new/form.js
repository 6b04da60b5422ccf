// The settings as they stand in the browser: what Python told, and what was changed since. No nodes here.
import {valueOf} from '../../components/controls/typed.js';

/** @typedef {import('../../components/controls/typed.js').FormField} FormField */
/** @typedef {import('../../components/controls/typed.js').Typed} Typed */
/** @typedef {import('../../payloads').SettingsStep} SettingsStep */
/** @typedef {import('../../payloads').SettingsGroup} SettingsGroup */
/** @typedef {SettingsStep['problems']} Problems sentences by group and field */

/**
 * @typedef {object} Form
 * @property {SettingsStep} told its draft is kept up with what is typed
 * @property {Record<string, Record<string, Typed>>} typed what controls hold since they were changed, by
 * group and field
 * @property {Problems} problems
 * @property {ReadonlySet<string>} open ids of what is unfolded
 */

/** Those that are the pipeline's own stand at the draft's root. */
const PIPELINE = 'pipeline';

/** @param {string} group @param {string} field */
export const fieldId = (group, field) => `${group}-${field}`.replaceAll('_', '-');
/** @param {string} group */
export const advancedId = group => fieldId(group, 'advanced');
/** @param {string} group @param {string} field */
export const textId = (group, field) => `${fieldId(group, field)}-text`;

/**
 * @param {SettingsStep} told
 * @param {Form['open']} [open] what was unfolded before
 * @returns {Form}
 */
export const formOf = (told, open = new Set()) =>
  withProblems({told, typed: {}, problems: {}, open}, told.problems);

/**
 * Changed in a control, and with it in the draft.
 * @param {Form} form
 * @param {string} group
 * @param {FormField} field
 * @param {Typed} typed
 * @returns {Form}
 */
export function withTyped(form, group, field, typed) {
  const {draft} = form.told;
  const changed = {[field.name]: valueOf(field, typed)};
  const settings = {...draft.settings, [group]: {...draft.settings[group], ...changed}};
  return {
    ...form,
    told: {...form.told, draft: group === PIPELINE ? {...draft, ...changed} : {...draft, settings}},
    typed: {...form.typed, [group]: {...form.typed[group], [field.name]: typed}},
  };
}

/**
 * What is wrong inside a folded place unfolds it; it stays so when it is right again.
 * @param {Form} form
 * @param {Problems} problems
 * @returns {Form}
 */
export function withProblems(form, problems) {
  const open = new Set(form.open);
  for (const {name: group, fields} of form.told.groups)
    for (const field of fields.filter(({name}) => problems[group]?.[name])) {
      if (field.advanced) open.add(advancedId(group));
      open.add(textId(group, field.name));
    }
  return {...form, problems, open};
}

/**
 * @param {Form} form
 * @param {string} id
 * @param {boolean} isOpen
 * @returns {Form}
 */
export function withOpen(form, id, isOpen) {
  const open = new Set(form.open);
  if (isOpen) open.add(id);
  else open.delete(id);
  return {...form, open};
}

/**
 * Whether a setting matters: all that it depends on say what they must, and matter themselves.
 * @param {SettingsGroup} group
 * @param {Record<string, Typed> | undefined} typed by field
 * @param {string} name
 * @returns {boolean}
 */
export function isUsed(group, typed, name) {
  const needs = group.matters[name] ?? [];
  return needs.every(([other, word]) => says(group, typed, other, word) && isUsed(group, typed, other));
}

/**
 * Whether one of a setting's lines begins with a word; any text will do for the empty word.
 * @param {SettingsGroup} group
 * @param {Record<string, Typed> | undefined} typed
 * @param {string} name
 * @param {string} word
 */
function says({fields}, typed, name, word) {
  const field = fields.find(candidate => candidate.name === name);
  const value = field ? String(valueOf(field, typed?.[name]) ?? '') : '';
  return word ? value.split('\n').some(line => line.trim().startsWith(word)) : value !== '';
}
