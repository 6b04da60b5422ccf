import assert from 'node:assert/strict';
import {test} from 'node:test';
import {askedModels} from '../../../../rlft_gui/ui/pages/compare/earlier_words.js';

/** @param {...string} models */
const words = (...models) =>
  askedModels(models.map(model => ({model, title: model.split('@')[0], palette: 'sft'}))).map(
    one => one.words,
  );

test('checkpoints are told by their steps, those of one run together', () => {
  assert.deepEqual(words('base', 'r1@50', 'r1@76'), ['base', 'r1, steps 50 and 76']);
  assert.deepEqual(words('r1@5', 'r1@10', 'r1@20', 'r2@5'), ['r1, steps 5, 10 and 20', 'r2, step 5']);
  assert.deepEqual(words('r1', 'r1@5'), ['r1', 'r1, step 5'], 'the last checkpoint has no step in its name');
});

test('an address or a name with an @ is no step', () => {
  assert.deepEqual(words('endpoint:m@8', 'base:org/m@9'), ['endpoint:m', 'base:org/m']);
});
