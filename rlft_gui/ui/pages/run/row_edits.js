// What is typed into the texts of a row.

/** @typedef {import('../../payloads').RowView} Row */

/** The texts that can be rewritten, by column. @param {Row} row @returns {Record<string, string>} */
export const textsOf = ({texts}) =>
  Object.fromEntries(texts.flatMap(({column, text}) => (column ? [[column, text]] : [])));

/**
 * What differs from what the row says.
 * @param {Row} row
 * @param {Record<string, string>} typed by column
 */
export function columnsChanged(row, typed) {
  const before = textsOf(row);
  return Object.fromEntries(
    Object.entries(before)
      .filter(([column, text]) => column in typed && typed[column] !== text)
      .map(([column]) => [column, typed[column]]),
  );
}
