// @ts-nocheck
// Which words of a text are new against another: the longest common subsequence of words.
import {el} from './dom.js';

const MOST_WORDS = 400; // beyond this the table of the algorithm gets slow; the rest counts as new
const split = text => text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text ? [text] : []);
const bare = word => word.trim();

// [{kind: 'same' | 'new' | 'gone', text}], in reading order.
export const diffWords = (before, after) => {
  const a = split(before).slice(0, MOST_WORDS),
    all = split(after),
    b = all.slice(0, MOST_WORDS);
  const common = Array.from({length: a.length + 1}, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      common[i][j] =
        bare(a[i]) === bare(b[j]) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  }
  const out = [],
    add = (kind, text) => (out.at(-1)?.kind === kind ? (out.at(-1).text += text) : out.push({kind, text}));
  let i = 0,
    j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && bare(a[i]) === bare(b[j])) {
      add('same', b[j]);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1][j] > common[i][j + 1])) add('gone', a[i++]);
    else add('new', b[j++]);
  }
  if (all.length > b.length) add('new', all.slice(b.length).join(''));
  return out;
};

// Nodes of both texts: words that went are struck through in the older one, new ones underlined in the
// newer one.
// Where hardly a word is kept, nothing is marked: it would only say that they differ.
const FEWEST_KEPT = 0.3;
export const sides = (before, after) => {
  const pieces = diffWords(before, after),
    size = kind =>
      pieces.filter(piece => piece.kind === kind).reduce((sum, piece) => sum + piece.text.length, 0);
  if (size('same') < FEWEST_KEPT * Math.max(before.length, after.length)) return [[before], [after]];
  const side = (kind, tag) =>
    pieces
      .filter(piece => piece.kind === 'same' || piece.kind === kind)
      .flatMap(piece => {
        const [, space, words] = piece.text.match(/^(\s*)([\s\S]*)$/);
        return piece.kind === 'same' ? [piece.text] : [space, el(tag, {}, words)];
      });
  return [side('gone', 'del'), side('new', 'ins')];
};

// Nodes of `after`, new words underlined. Words that went are struck through where the answer is otherwise
// kept;
// in an answer that is mostly new they would only be in the way.
export const marked = (before, after) => {
  const pieces = diffWords(before, after),
    size = kind =>
      pieces.filter(piece => piece.kind === kind).reduce((sum, piece) => sum + piece.text.length, 0);
  const rewritten = size('new') > size('same');
  return pieces
    .filter(piece => !(rewritten && piece.kind === 'gone'))
    .flatMap(({kind, text}, i) => {
      const [, space, words] = text.match(/^(\s*)([\s\S]*)$/);
      return kind === 'same'
        ? [text]
        : [i ? space || ' ' : '', el(kind === 'new' ? 'ins' : 'del', {}, words)];
    });
};
