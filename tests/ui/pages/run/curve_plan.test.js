import assert from 'node:assert/strict';
import {test} from 'node:test';
import {arranged, drawn, grouped, needed} from '../../../../rlft_gui/ui/pages/run/curve_plan.js';
import {captionOf, noPointsYet, upcoming} from '../../../../rlft_gui/ui/pages/run/curve_words.js';

const policy = {
  top: [['reward/mean', 'pref/margin', 'loss'], ['probe/gold']],
  beside: [
    'probe/kl/token',
    'kl/token',
    'entropy/token',
    'length/mean',
    'probe/length',
    'eval/rating/*',
    'loss',
  ],
  comes: 'Loss or reward, and the probe on held-out prompts,',
};
const rows = {top: [], beside: [], comes: 'Figures of the rows'};
const PANELS = ['Rows', 'Judge', 'Reward', 'Distance', 'Probe', 'Losses and steps'];
/** @type {Record<string, [string, boolean?]>} */
const KNOWN = {
  'made/rows': ['Rows'],
  'made/length': ['Rows'],
  'judge/a': ['Judge'],
  'judge/b': ['Judge'],
  'eval/reward/mean': ['Reward'],
  clip_fraction: ['Distance'],
  'probe/kl/token': ['Distance'],
  'probe/seconds': ['Probe', true],
  lr: ['Losses and steps', true],
  grad_norm: ['Losses and steps', true],
};
/** @param {string} name */
const info = name => {
  const [panel, isLast = false] = KNOWN[name] ?? ['Losses and steps'];
  return {panel, place: 2 * PANELS.indexOf(panel) + Number(isLast)};
};
/** @param {object} run @returns {any} */
const facts = (run = {}) => ({
  measured_by: 'suite',
  charts: policy,
  alarms: [],
  run: {output: 'policy', status: 'running', live: true, ...run},
});

test('a policy shows what it optimises above its probe, and distance beside', () => {
  const metrics = ['loss', 'lr', 'pref/margin', 'probe/gold', 'probe/gold/low', 'probe/kl/token'];

  assert.deepEqual(arranged(metrics, policy, info), {
    top: ['pref/margin', 'probe/gold'],
    beside: ['probe/kl/token', 'loss'],
    first: [],
    rest: ['lr'],
  });
});

test('a chart that a run must have stands there before it has points', () => {
  assert.deepEqual(arranged(['loss'], policy, info).top, ['loss', 'probe/gold']);
});

test('no more than four stand beside, and what is told last stands last', () => {
  const metrics = ['grad_norm', 'accuracy/token', 'entropy/token', 'kl/token', 'length/mean', 'loss'];
  const {beside, rest} = arranged([...metrics, 'probe/length', 'clip_fraction'], policy, info);

  assert.deepEqual(beside, ['kl/token', 'entropy/token', 'length/mean', 'probe/length']);
  assert.deepEqual(rest, ['clip_fraction', 'accuracy/token', 'grad_norm']);
});

test('a name with a star stands for all that begin so', () => {
  const {beside} = arranged(['eval/rating/a', 'eval/rating/b', 'eval/ratio'], policy, info);

  assert.deepEqual(beside, ['eval/rating/a', 'eval/rating/b']);
});

test('generated rows have small figures only, and not how many there are', () => {
  const metrics = ['made/rows', 'judge/a', 'judge/b', 'made/length', 'loss'];
  const {top, first, rest} = arranged(metrics, rows, info);

  assert.deepEqual([top, first], [[], ['made/length', 'judge/a', 'judge/b']]);
  assert.deepEqual(rest, ['made/rows', 'loss']);
});

test('curves stand in panels, in the order of their places', () => {
  const {rest} = arranged(['lr', 'probe/seconds', 'eval/reward/mean', 'clip_fraction'], policy, info);

  assert.deepEqual(grouped(rest, info), [
    ['Reward', ['eval/reward/mean']],
    ['Distance', ['clip_fraction']],
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
  const state = {measured_by: 'suite', hasInterval: true, isLarge: true, smoothing: 0.75, series: undefined};
  const series = {x: [0, 10, 20], y: [0.4, 0.61, null], bad: [], stride: 1};

  assert.equal(
    captionOf('probe/gold', {...state, series}),
    'Gold score on held-out prompts. Bars: 95 % interval over prompts. Best so far: 0.61 at step 10.',
  );
  assert.equal(captionOf('probe/gold', state), 'Gold score on held-out prompts.');
  assert.equal(captionOf('loss', state), 'Thin line: every step. Thick line: smoothed.');
  assert.equal(captionOf('loss', {...state, isLarge: false}), '');
  assert.equal(captionOf('loss', {...state, smoothing: 0}), '');
});

test('what is closed away is not drawn', () => {
  const arrangement = {top: ['loss'], beside: ['kl/token'], first: [], rest: ['lr']};

  assert.deepEqual(drawn(arrangement, false), ['loss', 'kl/token']);
  assert.deepEqual(drawn(arrangement, true), ['loss', 'kl/token', 'lr']);
});

test('the bars of the probe and the x axis are needed beside what is drawn', () => {
  assert.deepEqual(needed(['loss'], 'step'), ['loss']);
  assert.deepEqual(needed(['probe/gold'], 'tokens'), [
    'probe/gold',
    'probe/gold/low',
    'probe/gold/high',
    'tokens',
  ]);
});

test('what held-out prompts are judged by comes with its intervals, which are never drawn alone', () => {
  const own = {
    top: [
      ['held/reward/*', 'held/loss', 'loss'],
      ['reward/mean', 'loss'],
    ],
    beside: ['held/loss'],
    comes: '',
  };
  const metrics = ['loss', 'held/loss', 'held/loss/low', 'held/reward/json', 'held/reward/json/high'];
  assert.deepEqual(arranged(metrics, own, info), {
    top: ['held/reward/json', 'loss'],
    beside: ['held/loss'],
    first: [],
    rest: [],
  });
  assert.deepEqual(needed(['held/loss', 'loss'], 'step'), [
    'held/loss',
    'loss',
    'held/loss/low',
    'held/loss/high',
  ]);
  const large = {measured_by: 'own', series: undefined, hasInterval: true, isLarge: true, smoothing: 0.75};
  assert.match(captionOf('held/loss', large), /held-out prompts\. Bars/);
  assert.match(captionOf('held/loss', {...large, hasInterval: false}), /fewer than five held-out prompts/);
});
