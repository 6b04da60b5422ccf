// Reward terms as a text, one a line with its weight, and as what a form asks of each. Python reads the text
// alike (domain/reward_text.py, domain/reward_terms.py). No nodes here.
//
// The text is all that is kept, so the two can never differ; what a form cannot say of a line stays as it is.

/** @typedef {import('../../payloads').TermKind} TermKind */
/** @typedef {{term: string, weight: string}} Line */
/**
 * @typedef {object} Told
 * @property {TermKind | null} kind null: the form has no place for it, and shows it whole
 * @property {readonly string[]} values one a part of the kind; without a kind, the term itself
 */

/** As Python reads one, which knows no 0x10. @param {string} text */
const isNumber = text => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);

/**
 * @param {string} line
 * @returns {Line}
 */
function lineOf(line) {
  const at = line.lastIndexOf(':');
  if (at >= 0 && isNumber(line.slice(at + 1)))
    return {term: line.slice(0, at), weight: line.slice(at + 1).trim()};
  if (line.trimEnd().endsWith(':')) return {term: line.trimEnd().slice(0, -1), weight: ''};
  const space = line.lastIndexOf(': ');
  return space < 0 ? {term: line, weight: '1'} : {term: line.slice(0, space), weight: line.slice(space + 2)};
}

/**
 * The terms of a text, those of blank lines left out.
 * @param {string} text
 */
export const linesOf = text =>
  text
    .split(/\r\n|\r|\n/)
    .filter(line => line.trim())
    .map(line => lineOf(line.trimStart()));

/** @param {readonly Line[]} lines */
export const textOfLines = lines => lines.map(({term, weight}) => `${term}: ${weight}`).join('\n');

/**
 * What a form shows of a term.
 * @param {string} term
 * @param {readonly TermKind[]} kinds
 * @returns {Told}
 */
export function toldOf(term, kinds) {
  const [name, argument] = halves(term, ':');
  const kind = kinds.find(candidate => candidate.kind === name);
  const values = kind && valuesOf(argument, kind);
  return kind && values && termOf(kind, values) === term ? {kind, values} : {kind: null, values: [term]};
}

/**
 * The term that a form's values make.
 * @param {TermKind} kind
 * @param {readonly string[]} values
 */
export function termOf({kind, parts, between}, values) {
  if (values.every(value => value === '')) return kind;
  const said = parts.map(({mark}, place) => (mark && !values[place] ? null : `${mark}${values[place]}`));
  return `${kind}:${said.filter(part => part !== null).join(between)}`;
}

/**
 * A term of this kind to begin with.
 * @param {TermKind} kind
 */
export const newTerm = ({kind, example}) => (example ? `${kind}:${example}` : kind);

/**
 * What each part says, or null where the argument is not written as the kind's parts are.
 * @param {string} argument
 * @param {TermKind} kind
 */
function valuesOf(argument, {parts, between}) {
  if (argument === '') return parts.map(() => '');
  if (parts.some(({mark}) => mark)) return marked(argument, parts, between);
  if (parts.length === 2) return halves(argument, between);
  const [only] = parts;
  return !only || (only.choices.length && !only.choices.includes(argument)) ? null : [argument];
}

/**
 * Parts that are told by what they begin with. What begins otherwise belongs to the part before it.
 * @param {string} argument
 * @param {TermKind['parts']} parts
 * @param {string} between
 */
function marked(argument, parts, between) {
  /** @type {string[]} */
  const pieces = [];
  for (const piece of argument.split(between)) {
    const isPart = parts.some(({mark}) => piece.startsWith(mark));
    if (isPart || !pieces.length) pieces.push(piece);
    else pieces.push(pieces.pop() + between + piece);
  }
  return parts.map(({mark}) => pieces.find(piece => piece.startsWith(mark))?.slice(mark.length) ?? '');
}

/**
 * Before and behind the first separator.
 * @param {string} text
 * @param {string} separator
 */
function halves(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
