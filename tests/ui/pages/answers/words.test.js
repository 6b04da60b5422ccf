import assert from 'node:assert/strict';
import {test} from 'node:test';
import {shares} from '../../../../rlft_gui/ui/pages/answers/words.js';

test('the two sides of a pair sum to a hundred, whatever is rounded', () => {
  for (let hits = 0; hits <= 40; hits++) {
    const [rate, other] = [hits / 40, (40 - hits) / 40];
    const wins = [
      {column: 'a', over: 'b', rate, low: rate * 0.9, high: rate, prompts: 40},
      {column: 'b', over: 'a', rate: other, low: other, high: 1 - rate * 0.9, prompts: 40},
    ];
    const [one, two] = [shares(wins, 'a', 'b', true), shares(wins, 'b', 'a', false)];
    assert.equal(one?.rate, Math.round(100 * rate));
    assert.equal((one?.rate ?? 0) + (two?.rate ?? 0), 100);
    assert.equal((one?.low ?? 0) + (two?.high ?? 0), 100);
    assert.equal(two?.prompts, 40);
  }
  assert.equal(shares([], 'a', 'b', false), null);
  assert.equal(shares([], 'a', 'a', false), null);
});
