import assert from 'node:assert/strict';
import {test} from 'node:test';
import {frameOf, marginOf, sideOf, spread} from '../../../../rlft_gui/ui/components/chart/frame.js';
import {
  across,
  extentOf,
  farthest,
  ticksApart,
  upright,
} from '../../../../rlft_gui/ui/components/chart/ranges.js';

/** @param {(number | null)[]} y @param {(step: number) => number | null} place @returns {any} */
const curve = (y, place = step => step) => ({series: {x: y.map((_, i) => i), y, bad: [], stride: 1}, place});
/** @param {string} unit @param {boolean} from_zero */
const info = (unit, from_zero = false) => ({title: '', about: '', unit, from_zero, panel: '', place: 0});

test('values stand where the ranges and margins put them', () => {
  const frame = frameOf({
    width: 366,
    height: 234,
    margin: marginOf({hasLabels: false, hasAlarms: false, hasTitle: false}),
    xaxis: {range: [0, 100]},
    yaxis: {range: [-1, 1]},
  });

  assert.deepEqual([frame.left, frame.right, frame.top, frame.bottom], [54, 354, 10, 210]);
  assert.deepEqual([frame.x(0), frame.x(50)], [54, 204]);
  assert.deepEqual([frame.y(-1), frame.y(0), frame.y(1)], [210, 110, 10]);
});

test('labels keep their places where they can, and otherwise stand below each other', () => {
  const frame = {top: 10, bottom: 210};

  assert.deepEqual(spread([30, 100], frame), [30, 100]);
  assert.deepEqual(spread([30, 35, 52], frame), [30, 50, 70]);
});

test('too many labels at the bottom move up, no further than they must', () => {
  assert.deepEqual(spread([205, 208, 260], {top: 10, bottom: 210}), [182, 202, 222]);
});

test('a mark near an edge hangs to the inside', () => {
  const frame = {left: 54, right: 354};

  assert.deepEqual(
    [60, 200, 350].map(x => sideOf(x, frame)),
    ['start', 'mid', 'end'],
  );
});

test('the extent spans all values and is none without any', () => {
  assert.deepEqual(extentOf([curve([3, null, 1]), curve([2])]), [1, 3]);
  assert.equal(extentOf([curve([null])]), null);
});

test('an axis of values that are nearly alike does not zoom into noise', () => {
  assert.deepEqual(upright([0.5, 0.9], info('share')), {autorange: true, exponentformat: 'none'});
  const {autorange, range: [low, high] = [0, 0]} = upright([0.5, 0.52], info('share'));
  assert.equal(autorange, false);
  assert.ok(Math.abs(low - 0.46) < 1e-9 && Math.abs(high - 0.56) < 1e-9);
  assert.deepEqual(upright([0, 0.02], info('share')).range, [0, 0.1], 'no less than zero');
  assert.equal(upright([500, 501], info('share', true)).autorange, true, 'from zero it is no noise');
  assert.deepEqual(upright(null, info('')), {autorange: true});
});

test('the x axis ends just behind the farthest point, and has room for one at zero', () => {
  const back = new Map([
    [0, 0],
    [1, 5],
    [2, 3],
  ]);

  assert.equal(farthest([curve([1, 2]), curve([1, 2, 3])], 'step'), 2);
  assert.equal(farthest([curve([1, 1, 1], step => back.get(step) ?? null)], 'kl'), 5);
  assert.equal(farthest([], 'step'), 0);
  assert.deepEqual(across(100), [-1.2, 102]);
  assert.deepEqual(across(0), across(1));
  assert.deepEqual([0, 5, 6].map(ticksApart), [1, 1, undefined]);
});
