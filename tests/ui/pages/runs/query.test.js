import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addressed, ordered, queryIn, rangeOf} from '../../../../rlft_gui/ui/pages/runs/query.js';

/** @type {import('../../../../rlft_gui/ui/pages/runs/query.js').Query} */
const PLAIN = {text: '', group: 'all', order: 'started', upwards: false, offset: 0};
/** @param {string} words */
const read = words => queryIn(new URLSearchParams(words));

test('an empty address is the newest of all runs', () => {
  assert.deepEqual(read(''), PLAIN);
});

test('what an address says is read, and nonsense in it is as if it were not there', () => {
  const all = {text: 'beta', group: 'failed', order: 'kl', upwards: true, offset: 25};
  assert.deepEqual(read('q=beta&show=failed&sort=kl&up=1&from=25'), all);
  assert.deepEqual(read('show=<b>&sort=constructor&up=yes&from=-3'), PLAIN);
});

test('only what differs from a plain view stands in the address', () => {
  assert.deepEqual(addressed(PLAIN), {q: '', show: null, sort: null, up: null, from: null});
  const query = read('show=active&sort=probe&from=50');
  assert.deepEqual(addressed(query), {q: '', show: 'active', sort: 'probe', up: null, from: 50});
});

test('words are ordered from A, numbers from the largest, and a second press turns it round', () => {
  assert.deepEqual(ordered(PLAIN, 'run'), {order: 'run', upwards: true});
  assert.deepEqual(ordered(PLAIN, 'probe'), {order: 'probe', upwards: false});
  assert.deepEqual(ordered(PLAIN, 'started'), {order: 'started', upwards: true});
});

test('the last page ends at the last row', () => {
  assert.deepEqual(rangeOf(25, {total: 30, size: 25}), {from: 26, to: 30});
  assert.deepEqual(rangeOf(0, {total: 0, size: 25}), {from: 0, to: 0});
});
