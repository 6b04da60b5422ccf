// Which words of a text are new against another: the longest common subsequence of words.

/** @typedef {{kind: 'same' | 'new' | 'gone', text: string}} Piece */
/**
 * @typedef {{mark: 'ins' | 'del' | null, space: string, words: string}} Marked `space` stands before the mark
 */

const MOST_WORDS = 400; // beyond this the table of the algorithm gets slow; the rest counts as new
const FEWEST_KEPT = 0.3;

/** @param {string} text */
const split = text => text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text ? [text] : []);

/** @param {string} a @param {string} b */
const isSame = (a, b) => a.trim() === b.trim();

/**
 * lengths[i][j]: of the longest common subsequence of a from i on and b from j on.
 * @param {string[]} a
 * @param {string[]} b
 */
function commonLengths(a, b) {
  const lengths = Array.from({length: a.length + 1}, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i][j] = isSame(a[i], b[j])
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  return lengths;
}

/** @param {Piece[]} pieces @param {Piece['kind']} kind @param {string} text */
function add(pieces, kind, text) {
  const last = pieces.at(-1);
  if (last?.kind === kind) last.text += text;
  else pieces.push({kind, text});
}

/**
 * In reading order; neighbours of one kind are one piece.
 * @param {string} before
 * @param {string} after
 * @returns {Piece[]}
 */
export function diffWords(before, after) {
  const a = split(before).slice(0, MOST_WORDS);
  const all = split(after);
  const b = all.slice(0, MOST_WORDS);
  const lengths = commonLengths(a, b);
  /** @type {Piece[]} */
  const pieces = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && isSame(a[i], b[j])) {
      add(pieces, 'same', b[j++]);
      i++;
    } else if (j >= b.length || (i < a.length && lengths[i + 1][j] > lengths[i][j + 1]))
      add(pieces, 'gone', a[i++]);
    else add(pieces, 'new', b[j++]);
  }
  if (all.length > b.length) add(pieces, 'new', all.slice(b.length).join(''));
  return pieces;
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
