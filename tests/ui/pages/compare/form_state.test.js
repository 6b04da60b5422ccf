import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  askedBy,
  emptyForm,
  filledFrom,
  linesOf,
  pressRun,
  promptsIn,
} from '../../../../rlft_gui/ui/pages/compare/form_state.js';

/** @type {import('../../../../rlft_gui/ui/payloads').SamplingField[]} */
const FIELDS = [
  {name: 'temperature', title: 'Temperature', about: '', default: 0.7, kind: 'number', more: false},
  {name: 'seed', title: 'Seed', about: '', default: 0, kind: 'number', more: false},
  {name: 'draws', title: 'Answers each', about: '', default: 1, kind: 'number', more: true},
  {name: 'system', title: 'System prompt', about: '', default: '', kind: 'text', more: true},
];

test('numbers are sent as numbers, an emptied field as nothing, and the rest as typed', () => {
  /** @param {string} temperature */
  const sent = temperature =>
    askedBy({...emptyForm(FIELDS), typed: {temperature, seed: '0', draws: '1', system: ' 7 '}}, FIELDS)
      .sampling;
  assert.deepEqual(
    ['0.5', ' 7 ', '−3', '', 'NaN', '0,7', '1e999'].map(typed => sent(typed)?.temperature),
    [0.5, 7, -3, null, 'NaN', '0,7', '1e999'],
  );
  assert.equal(sent('1')?.system, ' 7 ', 'a text stays a text');
});

test('where nothing starts by itself the page says what to press', () => {
  const how = ', with the same prompt and the same seed.';
  const three = ['base', 'r1', 'r2'];
  assert.equal(pressRun({models: three, prompt: 'Why'}), `Press Run to have these three models answer${how}`);
  assert.equal(pressRun({models: ['base'], prompt: 'Why'}), 'Press Run to have this model answer.');
  assert.match(pressRun({models: three, prompt: ' '}), /^Type a prompt, then press Run/);
  assert.equal(pressRun({models: [], prompt: 'Why'}), 'Add a model, then press Run.');
});

test('a form begins with the defaults', () => {
  assert.deepEqual(emptyForm(FIELDS), {
    models: [],
    prompt: '',
    isByLine: false,
    typed: {temperature: '0.7', seed: '0', draws: '1', system: ''},
  });
});

test('many lines are one prompt, or one each', () => {
  const pasted = 'Why?\n\n  How?\n';
  assert.deepEqual(linesOf(pasted), ['Why?', 'How?']);
  assert.deepEqual(promptsIn({prompt: pasted, isByLine: false}), [pasted]);
  assert.deepEqual(promptsIn({prompt: pasted, isByLine: true}), ['Why?', 'How?']);
});

test('all checkpoints of a run are asked by its name', () => {
  const asked = askedBy({...emptyForm(FIELDS), prompt: 'Why'}, FIELDS, 'r1');
  assert.deepEqual([asked.film_of, asked.models, asked.prompts], ['r1', [], ['Why']]);
});

test('an old comparison fills the form with what it was asked', () => {
  const comparison = /** @type {any} */ ({
    panes: [{model: 'base'}, {model: 'r1@40'}],
    prompts: ['Why', 'How'],
    sampling: {temperature: 0, top_p: 0.9, seed: 11, max_new_tokens: 64},
    draws: 3,
    system: 'Be kind.',
    chat: true,
  });
  const filled = {
    models: ['base', 'r1@40'],
    prompt: 'Why',
    isByLine: false,
    typed: {temperature: '0', seed: '11', draws: '3', system: 'Be kind.'},
  };
  assert.deepEqual(filledFrom(emptyForm(FIELDS), comparison), filled);
  const several = filledFrom(emptyForm(FIELDS), {...comparison, chat: false});
  assert.deepEqual([several.prompt, several.isByLine], ['Why\nHow', true]);
});
