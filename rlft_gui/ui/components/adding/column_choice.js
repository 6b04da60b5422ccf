// What a person has said of the columns of a file, beginning with what suggests itself.

/** @typedef {import('../../payloads').FileColumns} FileColumns */
/** @typedef {import('../../payloads').RowKind} RowKind */
/** @typedef {import('../../payloads').ColumnsTried} ColumnsTried */
/**
 * What a person has said so far. `tried` is null while Python looks.
 * @typedef {object} Columns
 * @property {FileColumns} file
 * @property {number} kind the place of the type of data
 * @property {Record<string, string>} mapping target → column
 * @property {string} encoding
 * @property {ColumnsTried | null} tried
 * @property {string} problem why it could not be stored
 * @property {boolean} isBusy
 */

/** @param {RowKind} kind @returns {Record<string, string>} */
export const proposed = kind =>
  Object.fromEntries(kind.wanted.filter(({column}) => column).map(({name, column}) => [name, column]));

/** @param {FileColumns} file @returns {Columns} */
export const columnsOf = file => ({
  file,
  kind: 0,
  mapping: proposed(file.kinds[0]),
  encoding: file.encoding,
  tried: null,
  problem: '',
  isBusy: false,
});

/** Whether nothing that must be said is missing. @param {Columns} columns */
export function isComplete({file, kind, mapping}) {
  if (mapping.messages) return true;
  return file.kinds[kind].wanted.every(({name, needed}) => !needed || mapping[name]);
}
