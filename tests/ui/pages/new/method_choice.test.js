import assert from 'node:assert/strict';
import {test} from 'node:test';
import {choiceOf, skipping} from '../../../../rlft_gui/ui/pages/new/method_choice.js';

/** @type {import('../../../../rlft_gui/ui/payloads').MethodCard} */
const DPO = {
  name: 'dpo',
  title: 'DPO',
  palette: 'dpo',
  learns_from: '',
  needs: '',
  costs: '',
  tag: '',
  you_have: '',
  warm_ups: ['sft'],
};

test('another method begins with nothing chosen', () => {
  assert.deepEqual(choiceOf(DPO, false), {method: 'dpo', options: {}, skip: [], review: false});
});

test('a run that is continued has had its warm-up', () => {
  assert.deepEqual(choiceOf(DPO, true).skip, ['sft']);
});

test('stages are left out and put in again', () => {
  assert.deepEqual(skipping(['a'], 'b', false), ['a', 'b']);
  assert.deepEqual(skipping(['a', 'b'], 'a', true), ['b']);
});
