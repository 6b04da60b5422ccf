// What was typed into the form that splits held-out prompts off.

/** @typedef {import('../../payloads').SplitAsked} SplitAsked */

/**
 * What was typed; null stands for what is no number.
 * @param {string} id
 * @param {FormData} form
 * @returns {SplitAsked}
 */
export function asked(id, form) {
  const amount = typed(form.get('amount'));
  const seed = typed(form.get('seed'));
  return {
    id,
    amount,
    unit: form.get('unit') === 'prompts' ? 'prompts' : 'percent',
    seed: seed !== null && Number.isSafeInteger(seed) ? seed : null,
  };
}

/** @param {FormDataEntryValue | null} text */
function typed(text) {
  const words = String(text ?? '')
    .trim()
    .replace(',', '.');
  const value = Number(words);
  return words && Number.isFinite(value) ? value : null;
}
