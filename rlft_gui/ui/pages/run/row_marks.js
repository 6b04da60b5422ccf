// What changed between the texts of a row.
import {bothMarked} from '../../components/diff.js';

/** @typedef {import('../../payloads').RowView} Row */

/**
 * A text against the one it came from: the older loses words, the newer gains them.
 * @param {Row} row
 * @param {number} place
 */
export function pieces({texts}, place) {
  const {text, against} = texts[place];
  if (against != null) return bothMarked(texts[against].text, text)[1];
  const later = texts.find(other => other.against === place);
  return bothMarked(text, later?.text ?? text)[0];
}
