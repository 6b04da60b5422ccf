// What the form of Compare holds, and what of it Python is asked.
import {typedNumber} from '../../components/controls/typed.js';
import {spelled} from '../../components/numbers.js';

/** @typedef {import('../../payloads').ComparisonAsked} ComparisonAsked */
/** @typedef {import('../../payloads').SamplingField} SamplingField */
/**
 * @typedef {object} FormState
 * @property {string[]} models in the order shown, each once
 * @property {string} prompt
 * @property {boolean} isByLine whether each line of it is a prompt of its own
 * @property {Record<string, string>} typed the settings, as they stand in their fields
 */

/**
 * @param {SamplingField[]} fields
 * @returns {FormState}
 */
export const emptyForm = fields => ({
  models: [],
  prompt: '',
  isByLine: false,
  typed: Object.fromEntries(fields.map(field => [field.name, String(field.default)])),
});

/** @param {string[]} models */
export const unique = models => [...new Set(models)];

/** The lines that say something. @param {string} prompt */
export const linesOf = prompt =>
  prompt
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);

/** @param {Pick<FormState, 'prompt' | 'isByLine'>} form */
export const promptsIn = ({prompt, isByLine}) => (isByLine ? linesOf(prompt) : [prompt]);

/**
 * @param {FormState} form
 * @param {SamplingField[]} fields
 * @param {string | null} film a run, all of whose checkpoints are asked in place of the models
 * @returns {ComparisonAsked}
 */
export const askedBy = (form, fields, film = null) => ({
  models: form.models,
  film_of: film,
  prompts: promptsIn(form),
  sampling: Object.fromEntries(
    fields.map(({name, kind}) => [
      name,
      kind === 'text' ? form.typed[name] : typedNumber(form.typed[name] ?? ''),
    ]),
  ),
});

/** What to press, where nothing starts by itself. @param {Pick<FormState, 'models' | 'prompt'>} form */
export function pressRun({models, prompt}) {
  if (!models.length) return 'Add a model, then press Run.';
  const isOne = models.length === 1;
  const who = isOne ? 'this model' : `these ${spelled(models.length).toLowerCase()} models`;
  const how = isOne ? '' : ', with the same prompt and the same seed';
  return `${prompt.trim() ? 'Press' : 'Type a prompt, then press'} Run to have ${who} answer${how}.`;
}

/**
 * The form as a comparison was asked for.
 * @param {FormState} form
 * @param {import('../../payloads').Comparison} comparison
 * @returns {FormState}
 */
export function filledFrom(form, {panes, prompts, sampling, draws, system, chat}) {
  const values = new Map(Object.entries({...sampling, draws, system}));
  const typed = Object.keys(form.typed).map(name => [name, String(values.get(name) ?? form.typed[name])]);
  const isByLine = prompts.length > 1 && !chat;
  return {
    models: unique(panes.map(pane => pane.model)),
    prompt: isByLine ? prompts.join('\n') : prompts[0],
    isByLine,
    typed: Object.fromEntries(typed),
  };
}
