// What a control holds once somebody changed it, and the value that the draft keeps of it.
//
// The two differ: "2." is a number on its way to 2.5, and must not become "2" under the fingers.

/** @typedef {import('../../payloads').SettingsGroup['fields'][number]} FormField */
/** @typedef {import('../../payloads').JudgeField} JudgeField */
/** @typedef {import('../../payloads').DocumentField} DocumentField */
/** @typedef {import('../../payloads').DocumentOffer} DocumentOffer */
/** @typedef {string | number | boolean | null} Value as the draft keeps it */
/**
 * @typedef {{offer: number, name: string}} TypedJudge which of the offers, and the name that stands beside it
 */
/** @typedef {Value | TypedJudge} Typed */

/**
 * A number as typed. What is none stays text, to be refused with a sentence. Commas group thousands, as they
 * do where numbers are shown; nobody groups behind a 0, so "0,001" is a decimal comma and no 1.
 * @param {string} text
 */
export function typedNumber(text) {
  const tidy = text
    .trim()
    .replace('−', '-')
    .replace(/^(-?[1-9]\d{0,2})(,\d{3})+$/, all => all.replaceAll(',', ''));
  if (tidy === '') return null;
  return Number.isFinite(Number(tidy)) ? Number(tidy) : text.trim();
}

/**
 * What a field's control shows: what was typed, else what Python told.
 * @param {{value: Value}} field
 * @param {Typed | undefined} typed
 */
export const shownText = ({value}, typed) => String(typed ?? value ?? '');

/**
 * A judge's name begins with what its offer says, or is the offer.
 * @param {JudgeField} field
 * @param {Typed | undefined} typed
 * @returns {TypedJudge}
 */
export function shownJudge({value, offers}, typed) {
  if (isTypedJudge(typed)) return typed;
  const fits = offers.findIndex(([begin, , isOpen]) => (isOpen ? value.startsWith(begin) : value === begin));
  return {offer: Math.max(0, fits), name: value};
}

/**
 * @param {Typed | undefined} typed
 * @returns {typed is TypedJudge}
 */
const isTypedJudge = typed => typeof typed === 'object' && typed !== null;

/**
 * A text in full, and the place of the shipped one that it is (-1: one's own). Python tells a shipped one by
 * its name.
 * @param {DocumentField} field
 * @param {Typed | undefined} typed
 */
export function shownDocument({value, offers}, typed) {
  const named = offers.find(offer => offer.name === value);
  const text = typed === undefined ? (named?.text ?? value) : String(typed);
  return {place: offers.findIndex(offer => offer.text.trim() === text.trim()), text};
}

/**
 * A shipped text is kept by its name. One's own ends with a line break, by which Python knows it for a text.
 * @param {DocumentField} field
 * @param {Typed} typed
 */
function documentValue(field, typed) {
  const {place, text} = shownDocument(field, typed);
  if (place >= 0) return field.offers[place].name;
  return text.endsWith('\n') ? text : `${text}\n`;
}

/**
 * What the draft keeps for a field.
 * @param {FormField} field
 * @param {Typed | undefined} typed undefined: not changed
 * @returns {Value}
 */
export function valueOf(field, typed) {
  if (typed === undefined) return field.value;
  if (isTypedJudge(typed)) return typed.name;
  switch (field.kind) {
    case 'number':
    case 'whole number':
      return typedNumber(String(typed));
    case 'rubric':
    case 'constitution':
      return documentValue(field, typed);
    default:
      return typed;
  }
}
