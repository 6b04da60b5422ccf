import assert from 'node:assert/strict';
import {test} from 'node:test';
import {bytes, count, interval, number, signed} from '../../../rlft_gui/ui/components/numbers.js';

test('a value that is not finite is told by its name and never as zero', () => {
  assert.equal(number('nan'), 'not a number');
  assert.equal(number('-inf'), '−infinite');
  assert.equal(number(null), '–');
});

test('a number has enough digits to tell values apart, and a real minus', () => {
  assert.deepEqual(
    [0.1234, 12.34, 123.4, 0.01234].map(value => number(value)),
    ['0.12', '12.3', '123', '0.012'],
  );
  assert.equal(number(-0.5), '−0.50');
  assert.equal(number(1234567), '1.2e+6');
  assert.equal(number(12345), '12,345');
});

test('what rounds to zero has no sign', () => {
  assert.equal(number(-0.001, 2), '0.00');
  assert.equal(signed(0.25), '+0.25');
});

test('an interval needs both ends', () => {
  assert.equal(interval(0.1, 0.2), '[0.10, 0.20]');
  assert.equal(interval(null, 0.2), '');
  assert.equal(interval(1, 1), '', 'of no width');
});

test('amounts speak of one and of many', () => {
  assert.equal(count(1, 'run'), '1 run');
  assert.equal(count(2, 'reply', 'replies'), '2 replies');
  assert.equal(bytes(1_500_000), '1.5 MB');
});
