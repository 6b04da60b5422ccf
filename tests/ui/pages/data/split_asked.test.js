import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asked} from '../../../../rlft_gui/ui/pages/data/split_asked.js';

/** @param {Record<string, string>} typed */
function form(typed) {
  const data = new FormData();
  for (const [name, text] of Object.entries(typed)) data.set(name, text);
  return data;
}

test('what is typed is sent as numbers, with a decimal comma too', () => {
  assert.deepEqual(asked('d-1', form({amount: ' 12,5 ', unit: 'percent', seed: '7'})), {
    id: 'd-1',
    amount: 12.5,
    unit: 'percent',
    seed: 7,
  });
});

test('what is no number is nothing, for Python to say so', () => {
  for (const text of ['', 'ten', 'Infinity', '1.5'])
    assert.equal(asked('d-1', form({amount: '5', unit: 'prompts', seed: text})).seed, null);
  assert.equal(asked('d-1', form({amount: '', unit: 'prompts', seed: '0'})).amount, null);
});
