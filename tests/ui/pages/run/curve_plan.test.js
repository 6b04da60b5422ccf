import assert from 'node:assert/strict';
import {test} from 'node:test';
import {arranged, grouped, planFor} from '../../../../rlft_gui/ui/pages/run/curve_plan.js';
import {captionOf, noPointsYet, upcoming} from '../../../../rlft_gui/ui/pages/run/curve_words.js';

/** @param {object} run @param {string | null} measured_by @returns {any} */
const facts = (run = {}, measured_by = 'suite') => ({
  measured_by,
  alarms: [],
  run: {output: 'policy', status: 'running', live: true, ...run},
});
const policy = planFor(facts());

test('a policy shows what it optimises above its probe, and distance beside', () => {
  const metrics = ['loss', 'lr', 'pref/margin', 'probe/gold', 'probe/gold/low', 'probe/kl/token'];

  assert.deepEqual(arranged(metrics, policy), {
    top: ['pref/margin', 'probe/gold'],
    beside: ['probe/kl/token', 'loss'],
    first: [],
    rest: ['lr'],
  });
});

test('a chart that a run must have stands there before it has points', () => {
  assert.deepEqual(arranged(['loss'], policy).top, ['loss', 'probe/gold']);
});

test('no more than four stand beside, and what is told last stands last', () => {
  const metrics = ['grad_norm', 'accuracy/token', 'entropy/token', 'kl/token', 'length/mean', 'loss'];
  const {beside, rest} = arranged([...metrics, 'probe/length', 'clip_fraction'], policy);

  assert.deepEqual(beside, ['kl/token', 'entropy/token', 'length/mean', 'probe/length']);
  assert.deepEqual(rest, ['clip_fraction', 'accuracy/token', 'grad_norm']);
});

test('data of one’s own puts its held-out loss first', () => {
  const {top} = arranged(['eval/loss', 'loss', 'probe/gold'], planFor(facts({}, 'own')));

  assert.deepEqual(top, ['eval/loss', 'loss']);
});

test('made rows have small figures only, and not how many there are', () => {
  const metrics = ['made/rows', 'judge/a', 'judge/b', 'made/length', 'revision/c'];
  const {top, first, rest} = arranged(metrics, planFor(facts({output: 'rows'})));

  assert.deepEqual([top, first], [[], ['made/length', 'judge/a', 'judge/b']]);
  assert.deepEqual(rest, ['made/rows', 'revision/c']);
});

test('curves stand in groups, and none stands under two', () => {
  assert.deepEqual(grouped(['eval/reward/mean', 'lr', 'probe/kl/token', 'probe/seconds']), [
    ['Reward', ['eval/reward/mean']],
    ['Distance', ['probe/kl/token']],
    ['Probe', ['probe/seconds']],
    ['Losses and steps', ['lr']],
  ]);
});

test('before the first points a line says what will be drawn, and when', () => {
  const comes = 'Loss or reward, and the probe on held-out prompts,';

  assert.equal(
    upcoming(facts({status: 'queued', live: false})),
    `${comes} are drawn here once the run has started.`,
  );
  assert.equal(upcoming(facts()), `${comes} are drawn here with the first points.`);
  assert.equal(
    upcoming(facts({status: 'failed', live: false})),
    'This run ended before it reported any points.',
  );
  assert.equal(noPointsYet(facts().run), 'The first points come soon after the start.');
});

test('the caption of the probe names the best one so far', () => {
  const state = {measured_by: 'suite', isLarge: true, smoothing: 0.75, series: undefined};
  const series = {x: [0, 10, 20], y: [0.4, 0.61, null], bad: []};

  assert.equal(
    captionOf('probe/gold', {...state, series}),
    'Gold score on held-out prompts. Bars: 95 % interval over prompts. Best so far: 0.61 at step 10.',
  );
  assert.equal(captionOf('probe/gold', state), 'Gold score on held-out prompts.');
  assert.equal(captionOf('loss', state), 'Thin line: every step. Thick line: smoothed.');
  assert.equal(captionOf('loss', {...state, isLarge: false}), '');
  assert.equal(captionOf('loss', {...state, smoothing: 0}), '');
});
