import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isEmpty, sentence} from '../../../../rlft_gui/ui/pages/home/sentence.js';

/**
 * As much of a state of the start page as its sentence reads.
 * @param {object[]} live
 * @param {object[]} queued
 * @param {object[]} results
 * @returns {any}
 */
const state = (live = [], queued = [], results = []) => ({live, queued, results});
const quiet = {alarm: null};
const loud = {alarm: {name: 'over_refusal', step: 30}};
const waiting = {review: null};

test('a home without runs says so', () => {
  assert.ok(isEmpty(state()));
  assert.equal(sentence(state()), 'Nothing has been trained here yet.');
});

test('what runs and waits is counted in words', () => {
  assert.equal(sentence(state([quiet])), 'One run is training.');
  assert.equal(sentence(state([], [waiting, waiting])), 'Two are waiting.');
  assert.equal(sentence(state([quiet, quiet], [waiting])), 'Two runs are training and one is waiting.');
});

test('what needs a look is named', () => {
  assert.equal(
    sentence(state([loud, quiet], [{review: 'cards'}, {review: 'cards'}])),
    'Two runs are training and two are waiting. One alarm needs a look. Rows of one run wait for you.',
  );
});

test('only a failure that is the newest result is told', () => {
  const failed = {run: {status: 'failed'}};
  const fine = {run: {status: 'succeeded'}};
  assert.equal(sentence(state([], [], [failed, fine])), 'Nothing is running. The last run failed.');
  assert.equal(sentence(state([], [], [fine, failed])), 'Nothing is running.');
});
