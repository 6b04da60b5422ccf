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
  strides: {},
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
  assert.deepEqual(first.run.series.loss, {x: [1, 2], y: [0.5, 0.4], bad: [], stride: 1});

  const later = absorb(
    first.run,
    update({cursor: '3', step: 3, points: {loss: {steps: [3], values: [0.3]}}}),
    known,
    2000,
  );

  assert.ok(!later.isFresh && later.hasChanged);
  assert.deepEqual(later.run.series.loss, {x: [1, 2, 3], y: [0.5, 0.4, 0.3], bad: [], stride: 1});
  assert.equal(later.run.heardAt, 2000);
  assert.deepEqual(first.run.series.loss.x, [1, 2], 'what was known before stays as it was');
});

test('a value that is not finite is a hole with a name', () => {
  const {run} = absorb(first.run, update({points: {loss: {steps: [3], values: ['nan']}}}), known, 0);

  assert.deepEqual(run.series.loss, {x: [1, 2, 3], y: [0.5, 0.4, null], bad: [[3, 'nan']], stride: 1});
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

test('a longer stride leaves every so many points, and what is new comes behind them', () => {
  const steps = [0, 10, 20, 30, 40];
  const long = absorb(
    undefined,
    update({
      reset: true,
      strides: {loss: 2, kl: 1},
      points: {
        loss: {steps, values: [5, 'nan', 3, 'inf', 1]},
        kl: {steps: [0], values: [0]},
      },
    }),
    known,
    0,
  );

  const {run, isFresh} = absorb(
    long.run,
    update({strides: {loss: 4, kl: 1}, points: {loss: {steps: [48], values: ['nan']}}}),
    known,
    0,
  );

  assert.ok(!isFresh, 'nothing is asked for again');
  assert.deepEqual(run.series.loss, {x: [0, 20, 40, 48], y: [5, 3, 1, null], bad: [[48, 'nan']], stride: 4});
  assert.deepEqual(run.series.kl, {x: [0], y: [0], bad: [], stride: 1});
  assert.equal(long.run.series.loss.x.length, 5, 'what was known before stays as it was');
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
