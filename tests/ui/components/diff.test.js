import assert from 'node:assert/strict';
import {test} from 'node:test';
import {bothMarked, changesMarked, diffWords} from '../../../rlft_gui/ui/components/diff.js';

test('words are compared, spaces belong to the word behind them', () => {
  assert.deepEqual(diffWords('The capital is Lima.', 'The old capital is Madrid.'), [
    {kind: 'same', text: 'The'},
    {kind: 'new', text: ' old'},
    {kind: 'same', text: ' capital is'},
    {kind: 'new', text: ' Madrid.'},
    {kind: 'gone', text: ' Lima.'},
  ]);
});

test('equal texts, and empty ones', () => {
  assert.deepEqual(diffWords('as it was', 'as it was'), [{kind: 'same', text: 'as it was'}]);
  assert.deepEqual(diffWords('', ''), []);
  assert.deepEqual(diffWords('', 'new'), [{kind: 'new', text: 'new'}]);
  assert.deepEqual(diffWords('gone', ''), [{kind: 'gone', text: 'gone'}]);
});

test('nothing is lost of a text that is too long to be compared whole', () => {
  const long = Array.from({length: 1000}, (_, i) => `w${i}`).join(' ');
  const told = diffWords(long, long)
    .filter(({kind}) => kind !== 'gone')
    .map(({text}) => text)
    .join('');
  assert.equal(told, long);
});

test('both sides are marked, and neither where hardly a word is kept', () => {
  const [older, newer] = bothMarked('one two three', 'one two four');
  assert.deepEqual(older.at(-1), {mark: 'del', space: ' ', words: 'three'});
  assert.deepEqual(newer.at(-1), {mark: 'ins', space: ' ', words: 'four'});

  const apart = bothMarked('a b c d', 'w x y z');
  assert.deepEqual(
    apart.map(([piece]) => piece.mark),
    [null, null],
  );
});

test('what went from a text that is mostly new is left out', () => {
  const marks = (/** @type {string} */ before, /** @type {string} */ after) =>
    changesMarked(before, after).map(({mark}) => mark);
  assert.deepEqual(marks('It is Lima today.', 'It is Rome today.'), [null, 'ins', 'del', null]);
  assert.deepEqual(marks('Take a hammer.', 'I can not help with that.'), ['ins']);
});
