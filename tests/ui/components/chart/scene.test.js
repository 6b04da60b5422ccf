import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sceneOf} from '../../../../rlft_gui/ui/components/chart/scene.js';
import {SIZES} from '../../../../rlft_gui/ui/components/chart/view.js';

/** @param {string} id @param {number[]} y @returns {any} */
const line = (id, ...y) => ({
  id,
  name: id,
  palette: 'dpo',
  nth: 0,
  run: {series: {loss: {x: y.map((_, i) => i), y, bad: [], stride: 1}}},
});
/** @param {any[]} lines @returns {any} */
const view = (...lines) => ({metric: 'loss', axis: 'step', smoothing: 0, lines, size: SIZES.runs});

test('only lines that are seen cover others, and set how high the axis reaches', () => {
  const lines = [line('a', 0, 1), line('b', 0, 1), line('c', 0, 9)];

  const all = sceneOf(view(...lines), 1000, new Set());
  assert.deepEqual(
    [all.covers, all.extent],
    [
      [1, 0, 0],
      [0, 9],
    ],
  );

  const some = sceneOf(view(...lines), 1000, new Set(['b', 'c']));
  assert.deepEqual(
    [some.covers, some.extent],
    [
      [0, 0, 0],
      [0, 1],
    ],
  );
});

test('what is a pixel apart lies on each other, and no more', () => {
  const {covers} = sceneOf(
    view(line('a', 0, 100), line('b', 0.3, 100), line('c', 0.5, 100)),
    1000,
    new Set(),
  );

  assert.deepEqual(covers, [1, 1, 0]);
});

test('a run that is not known yet is a line without points', () => {
  const {ends, curves, extent} = sceneOf(view({...line('a'), run: undefined}), 1000, new Set());

  assert.deepEqual([ends, curves.length, extent], [[], 1, null]);
});

test('names stand at the ends of lines only where there is room', () => {
  assert.ok(sceneOf(view(line('a', 1)), 701, new Set()).isLabelled);
  assert.ok(!sceneOf(view(line('a', 1)), 700, new Set()).isLabelled);
  assert.ok(!sceneOf({...view(line('a', 1)), size: SIZES.small}, 1000, new Set()).isLabelled);
});
