import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addressed, counted, queryIn, stepped} from '../../../../rlft_gui/ui/pages/answers/query.js';

/** @param {string} words */
const read = words => queryIn(new URLSearchParams(words));
const PLAIN = {
  columns: [],
  batch: '',
  baseline: '',
  other: '',
  score: '',
  order: 'suite',
  kind: '',
  text: '',
  result: '',
  offset: 0,
};

test('an empty address is the newest batch, and nonsense in it is as if it were not there', () => {
  assert.deepEqual(read(''), PLAIN);
  assert.deepEqual(read('sort=constructor&result=draw&from=-4'), PLAIN);
});

test('what an address says comes back from what is written of it', () => {
  const query = {
    ...read('sort=unstable&result=loss&from=40&kind=known&q=two words&score=length:1-9'),
    columns: ['batch-1:base', 'batch-1:sft-2@60', 'probe:dpo-3@20'],
    baseline: 'batch-1:base',
    other: 'probe:dpo-3@20',
  };
  const words = Object.entries(addressed(query)).filter(([, value]) => value != null && value !== '');
  const written = new URLSearchParams(words.map(([key, value]) => [key, String(value)]));
  assert.deepEqual(queryIn(written), query);
  assert.equal(addressed({...query, batch: 'batch-1'}).batch, null, 'columns say more than a batch');
});

test('another step changes its own column alone', () => {
  const columns = ['batch-1:base', 'probe:sft-1', 'probe:sft-2@20'];
  assert.deepEqual(stepped(columns, 'probe:sft-1', '40'), [
    'batch-1:base',
    'probe:sft-1@40',
    'probe:sft-2@20',
  ]);
  assert.deepEqual(stepped(columns, 'probe:sft-2@20', '0')[2], 'probe:sft-2@0');
});

test('a press on a count shows its prompts, and a second press all again', () => {
  const query = read('other=b');
  assert.deepEqual(counted(query, 'b', 'win'), {other: 'b', result: 'win'});
  assert.deepEqual(counted({...query, result: 'win'}, 'b', 'win'), {result: ''});
  assert.deepEqual(counted({...query, result: 'win'}, 'c', 'win'), {other: 'c', result: 'win'});
});
