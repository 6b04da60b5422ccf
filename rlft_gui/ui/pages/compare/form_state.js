// What the form of Compare holds, and what of it Python is asked.

/** @typedef {import('../../payloads').ComparisonAsked} ComparisonAsked */
/** @typedef {import('../../payloads').SamplingField} SamplingField */
/** @typedef {import('./choices.js').Choices} Choices */
/**
 * @typedef {object} FormState
 * @property {string[]} models in the order shown, each once
 * @property {string} prompt
 * @property {Record<string, string>} typed the sampling settings, as they stand in their fields
 */

/**
 * @param {SamplingField[]} fields
 * @returns {FormState}
 */
export const emptyForm = fields => ({
  models: [],
  prompt: '',
  typed: Object.fromEntries(fields.map(field => [field.name, String(field.default)])),
});

/** @param {string[]} models */
export const unique = models => [...new Set(models)];

/**
 * A number where one was typed; anything else as it is, for Python to say what is wrong with it.
 * @param {string} text
 */
export function valueIn(text) {
  const typed = text.trim();
  if (typed === '') return null;
  const value = Number(typed.replace('−', '-'));
  return Number.isFinite(value) ? value : typed;
}

/**
 * @param {FormState} form
 * @param {Choices} choices
 * @returns {ComparisonAsked}
 */
export const askedBy = ({models, prompt, typed}, choices) => ({
  models,
  prompt,
  item_id: choices.itemOf(prompt)?.id ?? null,
  sampling: Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, valueIn(text)])),
});

/**
 * The form as a comparison was asked for; settings that have no field here are left out.
 * @param {FormState} form
 * @param {import('../../payloads').Comparison} comparison
 * @returns {FormState}
 */
export function filledFrom(form, {panes, prompts, sampling}) {
  const values = new Map(Object.entries(sampling));
  const typed = Object.keys(form.typed).map(name => [name, String(values.get(name) ?? form.typed[name])]);
  return {
    models: unique(panes.map(pane => pane.model)),
    prompt: prompts[0],
    typed: Object.fromEntries(typed),
  };
}
