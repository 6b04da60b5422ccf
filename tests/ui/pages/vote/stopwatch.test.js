import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Stopwatch} from '../../../../rlft_gui/ui/pages/vote/stopwatch.js';

test('time counts while the page is visible, and only then', () => {
  let [now, isVisible] = [0, true];
  const stopwatch = new Stopwatch(
    () => now,
    () => isVisible,
  );
  stopwatch.restart();
  now = 3000;
  assert.equal(stopwatch.seconds, 3);
  isVisible = false;
  stopwatch.turn();
  now = 60_000;
  assert.equal(stopwatch.seconds, 3);
  isVisible = true;
  stopwatch.turn();
  now = 61_500;
  assert.equal(stopwatch.seconds, 4.5);
  stopwatch.restart();
  assert.equal(stopwatch.seconds, 0);
});
