import assert from 'node:assert/strict';
import {test} from 'node:test';
import {columnsChanged, textsOf} from '../../../../rlft_gui/ui/pages/run/row_edits.js';
import {pieces} from '../../../../rlft_gui/ui/pages/run/row_marks.js';

/** @type {any} */
const row = {
  number: 7,
  texts: [
    {title: 'draft', text: 'Two, fool.', column: null, against: null},
    {title: 'critique', text: 'It is rude.', column: null, against: null},
    {title: 'revision', text: 'Two, friend.', column: 'completion', against: 0},
  ],
};

test('only texts with a column can be rewritten', () => {
  assert.deepEqual(textsOf(row), {completion: 'Two, friend.'});
});

test('what was typed is sent only where it differs', () => {
  assert.deepEqual(columnsChanged(row, {completion: 'Two.'}), {completion: 'Two.'});
  assert.deepEqual(columnsChanged(row, {completion: 'Two, friend.'}), {});
  assert.deepEqual(columnsChanged(row, {}), {});
});

test('a revision and its draft are marked against each other, a critique against nothing', () => {
  assert.deepEqual(
    pieces(row, 2).map(({mark, words}) => [mark, words]),
    [
      [null, 'Two,'],
      ['ins', 'friend.'],
    ],
  );
  assert.deepEqual(
    pieces(row, 0).map(({mark, words}) => [mark, words]),
    [
      [null, 'Two,'],
      ['del', 'fool.'],
    ],
  );
  assert.deepEqual(pieces(row, 1), [{mark: null, space: '', words: 'It is rude.'}]);
});
