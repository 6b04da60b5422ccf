import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Choices} from '../../../../rlft_gui/ui/pages/compare/choices.js';
import {askedBy, emptyForm, filledFrom, valueIn} from '../../../../rlft_gui/ui/pages/compare/form_state.js';

const FIELDS = [
  {name: 'temperature', title: 'Temperature', about: '', default: 0.7},
  {name: 'seed', title: 'Seed', about: '', default: 0},
];
const choices = new Choices({
  runs: [],
  bases: {},
  suite: [{id: 'known-1', kind: 'known', prompt: 'Why', note: ''}],
});

test('numbers are sent as numbers, an emptied field as nothing, and the rest as typed', () => {
  assert.deepEqual(['0.5', ' 7 ', '−3', '', 'many', '1e999'].map(valueIn), [
    0.5,
    7,
    -3,
    null,
    'many',
    '1e999',
  ]);
});

test('a form begins with the defaults', () => {
  assert.deepEqual(emptyForm(FIELDS), {models: [], prompt: '', typed: {temperature: '0.7', seed: '0'}});
});

test('a prompt that reads as an item of the suite is asked as that item', () => {
  const form = {...emptyForm(FIELDS), models: ['base']};
  assert.deepEqual(askedBy({...form, prompt: 'Why'}, choices), {
    models: ['base'],
    prompt: 'Why',
    item_id: 'known-1',
    sampling: {temperature: 0.7, seed: 0},
  });
  assert.equal(askedBy({...form, prompt: 'Why?'}, choices).item_id, null);
});

test('an old comparison fills the form with what it was asked', () => {
  const comparison = /** @type {any} */ ({
    panes: [{model: 'base'}, {model: 'r1@40'}],
    prompts: ['Why', 'How'],
    sampling: {temperature: 0, top_p: 0.9, seed: 11, max_new_tokens: 64},
  });
  assert.deepEqual(filledFrom(emptyForm(FIELDS), comparison), {
    models: ['base', 'r1@40'],
    prompt: 'Why',
    typed: {temperature: '0', seed: '11'},
  });
});
