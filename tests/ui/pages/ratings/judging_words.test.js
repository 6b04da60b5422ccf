import assert from 'node:assert/strict';
import {test} from 'node:test';

import {
  beneath,
  ending,
  isAtWork,
  mostIn,
  soFar,
} from '../../../../rlft_gui/ui/pages/ratings/judging_words.js';

/** @typedef {import('../../../../rlft_gui/ui/payloads').JudgeAtWork} JudgeAtWork */

/** @param {Partial<JudgeAtWork>} changes @returns {JudgeAtWork} */
const work = changes => ({
  judge: 'lantern',
  state: 'judging',
  done: 0,
  of: 40,
  before: 0,
  left_out: {},
  problem: '',
  waits_for: '',
  ...changes,
});

test('how far a judge is, and what is to be expected, is told while it works', () => {
  assert.equal(soFar(work({done: 1200, of: 4000})), 'judged 1,200 of 4,000 pairs');
  assert.match(beneath(work({})), /^Until the first verdict is there a model has to be loaded/);
  assert.match(beneath(work({done: 1})), /^Each verdict counts as soon as it is there/);
  assert.match(beneath(work({waits_for: 'week 1'})), /another judge is at work in "week 1"/);
  assert.equal(isAtWork(work({})), true);
  assert.equal(isAtWork(work({state: 'stopped'})), false);
  assert.equal(isAtWork(null), false);
});

test('how it ended is told with what was left out and what was there before', () => {
  const done = work({state: 'done', done: 40, before: 2, left_out: {'It is too long.': 1}});
  assert.deepEqual(ending(done), {
    kind: 'good',
    title: 'lantern judged 40 pairs',
    text: '1 pair left out: It is too long. It had judged 2 pairs before.',
  });
  assert.deepEqual(ending(work({state: 'done', of: 0, before: 40})), {
    kind: '',
    title: 'lantern had nothing left to judge',
    text: 'It had judged 40 pairs before.',
  });
  assert.equal(
    ending(work({state: 'stopped', done: 4})).text,
    'It judged 4 of 40 pairs, and what it said stands.',
  );
  assert.deepEqual(ending(work({state: 'failed', problem: 'Nobody answers.'})), {
    kind: 'bad',
    title: 'lantern failed before it judged a pair',
    text: 'Nobody answers.',
  });
  assert.equal(ending(work({state: 'failed', done: 4})).title, 'lantern failed after 4 of 40 pairs');
});

test('a number of pairs is a whole one, or none for all', () => {
  assert.equal(mostIn(' '), null);
  assert.equal(mostIn(' 12 '), 12);
  for (const wrong of ['0', '-3', '2.5', 'many', '1e3'])
    assert.throws(() => mostIn(wrong), {message: /whole number from 1 on, found/});
});
