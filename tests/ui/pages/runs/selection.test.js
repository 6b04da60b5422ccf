import assert from 'node:assert/strict';
import {test} from 'node:test';

// The module reads the address of its page when it is loaded.
globalThis.location = /** @type {any} */ ({search: '', pathname: '/runs', href: 'http://localhost/runs'});
const {firstTicks, ticksIn} = await import('../../../../rlft_gui/ui/pages/runs/selection.js');

/** @param {string} words */
const ticks = words => ticksIn(new URLSearchParams(words));
/** @param {string} id */
const row = (id, step = 80, output = 'policy') => ({run: {id, step, output}});

test('an address that says nothing of ticks differs from one that says none', () => {
  assert.equal(ticks(''), null);
  assert.deepEqual(ticks('runs=none'), new Set());
  assert.deepEqual(ticks('runs=a,,b'), new Set(['a', 'b']));
});

test('an address with too many ticks ticks the first six', () => {
  assert.deepEqual([...(ticks('runs=a,b,c,d,e,f,g,h') ?? [])], ['a', 'b', 'c', 'd', 'e', 'f']);
});

test('before anybody ticked, the four newest policies with something to show are drawn', () => {
  const rows = [
    row('new', 0),
    row('rewards', 80, 'reward_model'),
    ...['a', 'b', 'c', 'd', 'e'].map(id => row(id)),
  ];
  assert.deepEqual(firstTicks(/** @type {any} */ ({rows})), new Set(['a', 'b', 'c', 'd']));
});
