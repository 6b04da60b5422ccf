// Which words of a text are new against another.
import {diffArrays} from '../../../assets/vendor/diff/libesm/diff/array.js';

/** @typedef {{kind: 'same' | 'new' | 'gone', text: string}} Piece */
/**
 * @typedef {{mark: 'ins' | 'del' | null, space: string, words: string}} Marked `space` stands before the mark
 */

const MOST_CHANGES = 1500; // words added and removed; texts that differ by more share nothing worth a mark
const FEWEST_KEPT = 0.3;

/** @param {string} text */
const split = text => text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text ? [text] : []);

/** Spaces belong to the word behind them, and make no difference. @param {string} a @param {string} b */
const comparator = (a, b) => a.trim() === b.trim();

/** @param {{added: boolean, removed: boolean}} change @returns {Piece['kind']} */
const kindOf = ({added, removed}) => (added ? 'new' : removed ? 'gone' : 'same');

/** @param {string} before @param {string} after @returns {Piece[]} */
const unrelated = (before, after) => [
  {kind: 'new', text: after},
  {kind: 'gone', text: before},
];

/**
 * In reading order, new words before those in whose place they stand.
 * @param {string} before
 * @param {string} after
 * @returns {Piece[]}
 */
export function diffWords(before, after) {
  const changes = diffArrays(split(before), split(after), {comparator, maxEditLength: MOST_CHANGES});
  if (!changes) return unrelated(before, after);
  /** @type {Piece[]} */
  const pieces = changes.map(change => ({kind: kindOf(change), text: change.value.join('')}));
  return pieces.flatMap((piece, i) => {
    if (piece.kind === 'gone' && pieces[i + 1]?.kind === 'new') return [pieces[i + 1], piece];
    return piece.kind === 'new' && pieces[i - 1]?.kind === 'gone' ? [] : [piece];
  });
}

/** Characters of one kind. @param {Piece[]} pieces @param {Piece['kind']} kind */
const size = (pieces, kind) =>
  pieces.filter(piece => piece.kind === kind).reduce((sum, {text}) => sum + text.length, 0);

/** @param {string} text @returns {Marked} */
const plain = text => ({mark: null, space: '', words: text});

/** @param {Piece} piece @returns {Marked} */
function marked({kind, text}) {
  if (kind === 'same') return plain(text);
  const words = text.trimStart();
  return {mark: kind === 'new' ? 'ins' : 'del', space: text.slice(0, text.length - words.length), words};
}

/**
 * Both texts: words that went are struck through in the older one, new ones underlined in the newer one.
 * Where hardly a word is kept, nothing is marked: it would only say that they differ.
 * @param {string} before
 * @param {string} after
 * @returns {[Marked[], Marked[]]}
 */
export function bothMarked(before, after) {
  const pieces = diffWords(before, after);
  if (size(pieces, 'same') < FEWEST_KEPT * Math.max(before.length, after.length))
    return [[plain(before)], [plain(after)]];
  /** @param {Piece['kind']} kind */
  const side = kind => pieces.filter(piece => piece.kind === 'same' || piece.kind === kind).map(marked);
  return [side('gone'), side('new')];
}

/**
 * `after` with new words underlined. Words that went are struck through where the answer is otherwise kept;
 * in
 * an answer that is mostly new they would only be in the way.
 * @param {string} before
 * @param {string} after
 */
export function changesMarked(before, after) {
  const pieces = diffWords(before, after);
  const isRewritten = size(pieces, 'new') > size(pieces, 'same');
  return pieces
    .filter(({kind}) => !(isRewritten && kind === 'gone'))
    .map((piece, i) => {
      const one = marked(piece);
      return one.mark && i ? {...one, space: one.space || ' '} : {...one, space: i ? one.space : ''};
    });
}
