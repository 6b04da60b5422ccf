import assert from 'node:assert/strict';
import {test} from 'node:test';
import {columnsOf, isComplete, proposed} from '../../../../rlft_gui/ui/components/adding/column_choice.js';

/** @param {string} name @param {string} column @param {boolean} [needed] */
const wanted = (name, column, needed = true) => ({name, title: name, about: '', needed, column});

/** @type {import('../../../../rlft_gui/ui/payloads').FileColumns} */
const FILE = {
  upload: 'u-1',
  file: 'rows.csv',
  columns: [{path: 'ask', sample: 'Why?'}],
  kinds: [
    {
      type: 'demonstrations',
      title: 'demonstrations',
      about: '',
      wanted: [wanted('prompt', 'ask'), wanted('completion', ''), wanted('messages', '', false)],
    },
  ],
  encodings: [['GBK', 'gb18030']],
  encoding: '',
};

test('what suggests itself is taken, and nothing else', () => {
  assert.deepEqual(proposed(FILE.kinds[0]), {prompt: 'ask'});
  assert.deepEqual(columnsOf(FILE).mapping, {prompt: 'ask'});
});

test('rows are tried once nothing that must be said is missing', () => {
  const columns = columnsOf(FILE);
  assert.equal(isComplete(columns), false);
  assert.equal(isComplete({...columns, mapping: {prompt: 'ask', completion: 'reply'}}), true);
  assert.equal(isComplete({...columns, mapping: {messages: 'chat'}}), true);
});
