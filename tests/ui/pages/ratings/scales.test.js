import assert from 'node:assert/strict';
import {test} from 'node:test';
import {RATES, around, place} from '../../../../rlft_gui/ui/pages/ratings/scales.js';

test('half of the votes stands in the middle, and nothing leaves the box', () => {
  assert.equal(place(50, RATES), 80);
  assert.equal(place(0, RATES), 5);
  assert.equal(place(140, RATES), 155);
});

test('ratings stand around zero, as far as the widest interval reaches', () => {
  const scale = around([
    {low: -300, middle: -100, high: 20},
    {low: 10, middle: 50, high: 90},
  ]);
  assert.deepEqual(scale, {from: -300, to: 300, zero: 0});
  assert.equal(place(0, scale), 80);
  assert.deepEqual(around([]), {from: -1, to: 1, zero: 0});
});
