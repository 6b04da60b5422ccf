import assert from 'node:assert/strict';
import {test} from 'node:test';
import {absorb} from '../../../../rlft_gui/ui/components/chart/series.js';

/** @param {object} changes @returns {any} */
const update = changes => ({
  id: 'a',
  cursor: '2',
  reset: false,
  status: 'running',
  live: true,
  step: 2,
  total: 9,
  points: {},
  info: {},
  ...changes,
});
const known = () => true;
const first = absorb(
  undefined,
  update({
    points: {
      loss: {steps: [1, 2], values: [0.5, 0.4]},
    },
  }),
  known,
  1000,
);

test('the first answer is drawn anew, later ones are added', () => {
  assert.ok(first.isFresh && first.hasChanged);
  assert.deepEqual(first.run.series.loss, {x: [1, 2], y: [0.5, 0.4], bad: []});

  const later = absorb(
    first.run,
    update({cursor: '3', step: 3, points: {loss: {steps: [3], values: [0.3]}}}),
    known,
    2000,
  );

  assert.ok(!later.isFresh && later.hasChanged);
  assert.deepEqual(later.run.series.loss, {x: [1, 2, 3], y: [0.5, 0.4, 0.3], bad: []});
  assert.equal(later.run.heardAt, 2000);
  assert.deepEqual(first.run.series.loss.x, [1, 2], 'what was known before stays as it was');
});

test('a value that is not finite is a hole with a name', () => {
  const {run} = absorb(first.run, update({points: {loss: {steps: [3], values: ['nan']}}}), known, 0);

  assert.deepEqual(run.series.loss, {x: [1, 2, 3], y: [0.5, 0.4, null], bad: [[3, 'nan']]});
});

test('a reset forgets what came before', () => {
  const {run, isFresh} = absorb(
    first.run,
    update({reset: true, points: {kl: {steps: [1], values: [0]}}}),
    known,
    0,
  );

  assert.ok(isFresh);
  assert.deepEqual(Object.keys(run.series), ['kl']);
});

test('nothing new changes nothing, and the last point stays as old as it is', () => {
  const {run, hasChanged} = absorb(first.run, update({}), known, 5000);

  assert.ok(!hasChanged);
  assert.equal(run.heardAt, 1000);
  assert.ok(absorb(first.run, update({status: 'succeeded'}), known, 0).hasChanged);
});

test('a metric without a title makes the next question ask for everything', () => {
  const {run} = absorb(
    first.run,
    update({points: {'judge/new': {steps: [3], values: [1]}}}),
    name => name === 'loss',
    0,
  );

  assert.equal(run.cursor, '');
  assert.ok(absorb(run, update({}), known, 0).isFresh);
});
