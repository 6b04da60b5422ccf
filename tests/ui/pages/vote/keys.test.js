import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actionOf, keysOf} from '../../../../rlft_gui/ui/pages/vote/keys.js';

/** @param {string} key @param {object} [more] */
const press = (key, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
});

test('each key does one thing, whatever is asked', () => {
  for (const question of /** @type {const} */ ([
    'pair',
    'likert',
    'attributes',
    'thumb',
    'critique',
    'edit',
  ])) {
    const keys = keysOf(question).map(({key}) => key);
    assert.equal(new Set(keys).size, keys.length, question);
    assert.ok(keys.includes('S') && keys.includes('U') && keys.includes('?'), question);
  }
});

test('small and capital letters vote alike', () => {
  assert.deepEqual(actionOf(press('a'), 'pair', false), {do: 'choose', choice: 'a'});
  assert.deepEqual(actionOf(press('B'), 'pair', false), {do: 'choose', choice: 'b'});
  assert.deepEqual(actionOf(press('b'), 'thumb', false), {do: 'thumb', isGood: false});
  assert.deepEqual(actionOf(press('3'), 'pair', false), {do: 'strength', strength: 3});
  assert.deepEqual(actionOf(press('3'), 'likert', false), {do: 'points', points: 3});
  assert.equal(actionOf(press('q'), 'pair', false), null);
});

test('no key votes while words are typed, held down, or with another key', () => {
  assert.equal(actionOf(press('a'), 'pair', true), null);
  assert.equal(actionOf(press('a', {repeat: true}), 'pair', false), null);
  assert.equal(actionOf(press('a', {ctrlKey: true}), 'pair', false), null);
  assert.equal(actionOf(press('a', {metaKey: true}), 'pair', false), null);
});
