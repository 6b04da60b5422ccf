import assert from 'node:assert/strict';
import {test} from 'node:test';
import {choose, keep, keepData, settle} from '../../../../rlft_gui/ui/pages/new/draft.js';

/** @type {any} as much of one as is looked at */
const DRAFT = {title: 'Mine', seed: 1, method: 'dpo', data: {dpo: 'a'}, settings: {dpo: {beta: 0.1}}};

test('one answer is changed in a copy, the others stay', () => {
  const changed = keep(DRAFT, ['data', 'sft'], 'b');
  assert.deepEqual(changed, {...DRAFT, data: {dpo: 'a', sft: 'b'}});
  assert.deepEqual(DRAFT.data, {dpo: 'a'});
});

test('a dataset is kept for the stage whose place it was chosen in', () => {
  const title = JSON.stringify({stage: 'sft', title: 'SFT learns from demonstrations', sub: ''});
  assert.deepEqual(keepData(DRAFT, title, 'b').data, {dpo: 'a', sft: 'b'});
});

test('places that are hidden change nothing of those that are shown', () => {
  const [sft, old] = ['sft', 'kto'].map(stage => JSON.stringify({stage, title: '', sub: ''}));
  assert.deepEqual(keepData(DRAFT, sft, old, sft, null, 'b', null, 'c', null).data, {dpo: 'a', sft: 'b'});
});

test('an answer may be the first one', () => {
  assert.deepEqual(keep(null, ['settings', 'dpo', 'beta'], 0.2), {settings: {dpo: {beta: 0.2}}});
});

test('the choice of a method replaces the former choice alone', () => {
  const held = JSON.stringify({method: 'sft', options: {}, skip: ['x'], review: true, methods: []});
  assert.deepEqual(choose(DRAFT, held), {...DRAFT, method: 'sft', options: {}, skip: ['x'], review: true});
});

test('settings are taken over, answers of other steps are not', () => {
  const held = JSON.stringify({draft: {title: 'New', seed: 2, method: 'old', settings: {}}});
  assert.deepEqual(settle(DRAFT, held), {...DRAFT, title: 'New', seed: 2, settings: {}});
});

test('settings that were not opened change nothing', () => {
  assert.equal(settle(DRAFT, 'null'), DRAFT);
});
