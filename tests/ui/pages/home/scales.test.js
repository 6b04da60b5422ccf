import assert from 'node:assert/strict';
import {test} from 'node:test';
import {goldRange, placed, rangeOf, reachOf} from '../../../../rlft_gui/ui/pages/home/scales.js';

/**
 * @param {'suite' | 'own'} measure
 * @param {number[]} values
 * @returns {any}
 */
const result = (measure, ...values) => ({
  measured_by: measure,
  curve: values.map((value, i) => [10 * i, value]),
  gain: null,
});

test('gold scores share one scale and a loss has its own', () => {
  const results = [result('suite', 0.4, 0.6), result('suite', 0.5, 0.9), result('own', 4.5, 3.25)];
  const shared = goldRange(results);

  assert.deepEqual(shared, {low: 0.4, high: 0.9});
  assert.deepEqual(rangeOf(results[0], shared), shared);
  assert.deepEqual(rangeOf(results[2], shared), {low: 3.25, high: 4.5});
});

test('a curve fills its box from the first step to the last, the highest value on top', () => {
  const points = placed(result('suite', 0, 0.5, 1).curve, {low: 0, high: 1}, {width: 96, height: 28});

  assert.deepEqual(points, [
    [2, 25],
    [46, 14],
    [90, 3],
  ]);
});

test('a flat curve is a line at the bottom, not a division by zero', () => {
  const points = placed(result('suite', 1, 1).curve, {low: 1, high: 1}, {width: 96, height: 28});

  assert.deepEqual(
    points.map(([, y]) => y),
    [25, 25],
  );
});

test('the axis of gains reaches as far as the widest interval', () => {
  /** @param {number} low @param {number} high */
  const gained = (low, high) => ({...result('suite'), gain: {delta: 0, low, high}});
  assert.equal(reachOf([gained(-0.3, 0.1), gained(0, 0.2), result('suite')]), 0.3);
  assert.equal(reachOf([]), 0.01);
});
