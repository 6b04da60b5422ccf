import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Choices, kindName} from '../../../../rlft_gui/ui/pages/compare/choices.js';

/** @param {string} id @param {string} pipeline */
const run = (id, pipeline, base = 'lantern') => ({
  id,
  title: `${id} · SFT`,
  palette: 'sft',
  base,
  pipeline,
  step: 80,
});
const SUITE = ['known', 'unknown', 'known'].map((kind, i) => ({
  id: `i${i}`,
  kind,
  prompt: `p${i}`,
  note: '',
}));
const choices = () =>
  new Choices({
    runs: [run('new-2', 'p2'), run('new-1', 'p2'), run('old', 'p1'), run('other', 'p0', '/models/other')],
    bases: {lantern: 'Lantern', '/models/other': 'Other'},
    suite: SUITE,
  });

test('the base and the newest pipeline are proposed, oldest stage first', () => {
  assert.deepEqual(choices().proposed, ['base', 'new-1', 'new-2']);
  assert.deepEqual(new Choices({runs: [], bases: {}, suite: []}).proposed, ['base']);
});

test('only runs of the base that is there already may join', () => {
  /** @param {string[]} models */
  const values = models =>
    choices()
      .addable(models)
      .map(([value]) => value);
  assert.deepEqual(values(['base']), ['new-2', 'new-1', 'old', 'other']);
  assert.deepEqual(values(['base', 'old']), ['new-2', 'new-1']);
  assert.deepEqual(values(['other']), ['base']);
});

test('a model is called by its run, its step, and the base by its title', () => {
  assert.equal(choices().label('base', ['base', 'old']), 'Base, Lantern');
  assert.equal(choices().label('base', ['base', 'other']), 'Base, Other');
  assert.equal(choices().label('old@40', []), 'old · SFT, step 40');
  assert.equal(choices().label('gone', []), 'gone');
});

test('a run that only an old comparison knows is named, but not offered', () => {
  const known = choices();
  known.learn([null, run('gone', 'p9')]);
  assert.equal(known.label('gone@7', []), 'gone · SFT, step 7');
  assert.ok(!known.addable([]).some(([value]) => value === 'gone'));
});

test('a click each shows all prompts of a kind', () => {
  const known = choices();
  assert.equal(known.nextOfKind('known', 'typed'), 'p0');
  assert.equal(known.nextOfKind('known', 'p0'), 'p2');
  assert.equal(known.nextOfKind('known', 'p2'), 'p0');
  assert.equal(known.firstPrompt, 'p1');
  assert.equal(known.itemOf('p2')?.id, 'i2');
});

test('kinds are called as people would', () => {
  assert.equal(kindName('cards_ood'), 'Cards, unfamiliar rule');
  assert.equal(kindName('known'), 'Known');
});
