import assert from 'node:assert/strict';
import {test} from 'node:test';
import {figure, scaleOf} from '../../../../rlft_gui/ui/components/scorers/figures.js';
import {barOf, scoreCalled, shownScores} from '../../../../rlft_gui/ui/pages/compare/score_words.js';

test('a score is called by who gave it', () => {
  /** @param {string} name */
  const called = name => scoreCalled(name, {rm: 'Manners'});
  assert.equal(called('gold'), 'Gold');
  assert.equal(called('length:5-60'), 'length:5-60');
  assert.equal(called('regex:a:b by c'), 'regex:a:b by c');
  assert.equal(called('reward_model:rm'), 'Reward: Manners');
  assert.equal(scoreCalled('reward_model:rm', {rm: 'Manners', other: 'Manners'}), 'Reward: rm');
  assert.equal(called('judge:base by default'), 'Judge base');
  assert.equal(called('judge:/models/by the sea/small by brief'), 'Judge small, brief');
  assert.equal(called('judge:biased:length=0.1 by default'), 'Judge biased:length=0.1');
  assert.equal(called('judge:endpoint:m/7b@http://h:80/v1 by default'), 'Judge m/7b at h:80');
});

test('a bar goes from zero to the value, wherever zero lies on its scale', () => {
  assert.deepEqual(barOf(0.25, scaleOf('judge:base by default', [])), {zero: 0, left: 0, width: 25});
  assert.deepEqual(barOf(1, scaleOf('length:5-60', [])), {zero: 0, left: 0, width: 100});
  assert.deepEqual(barOf(-1, scaleOf('keywords:bad=no', [])), {zero: 50, left: 0, width: 50});
  assert.deepEqual(barOf(1, scaleOf('gold', [1, -0.5])), {zero: 50, left: 50, width: 25});
});

test('a reward beyond two deviations widens the scale of all, and is not cut', () => {
  const scale = scaleOf('reward_model:rm', [1, -4]);
  assert.deepEqual(scale, [-4, 4]);
  assert.deepEqual(barOf(-4, scale), {zero: 50, left: 0, width: 50});
  assert.deepEqual(barOf(1, scale), {zero: 50, left: 50, width: 12.5});
});

test('a share has no sign', () => {
  /** @param {string} name @param {number} value */
  const written = (name, value) => figure(value, {name, scale: scaleOf(name, [value])});
  assert.equal(written('judge:base by default', 2 / 3), '0.67');
  assert.equal(written('length:5-60', 1), '1');
  assert.equal(written('keywords:good=yes', 1), '+1');
  assert.equal(written('keywords:good=yes', -1), '−1');
  assert.equal(written('reward_model:rm', 1.234), '+1.23');
  assert.equal(written('gold', -0.5), '−0.5');
});

test('all answers share one scale, those that are not shown too', () => {
  const generations = [{scores: {'reward_model:rm': 1}}, {scores: {'reward_model:rm': 3}}];
  const shown = /** @type {any} */ ({
    comparison: {generations},
    criteria: [['gold']],
    scorers: {rm: 'Manners'},
  });
  const answers = /** @type {any} */ ([{answer: generations[0]}]);
  assert.deepEqual(shownScores(shown, 0, answers), [
    {name: 'gold', words: 'Gold', scale: [-2, 2]},
    {name: 'reward_model:rm', words: 'Reward: Manners', scale: [-3, 3]},
  ]);
});
