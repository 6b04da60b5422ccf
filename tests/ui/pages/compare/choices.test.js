import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Choices} from '../../../../rlft_gui/ui/pages/compare/choices.js';

/** @param {string} id @param {string} pipeline */
const run = (id, pipeline, base = 'lantern') => ({
  id,
  title: `${id} · SFT`,
  palette: 'sft',
  base,
  pipeline,
  step: 80,
  steps: [40, 80],
});
/** @param {import('../../../../rlft_gui/ui/payloads').OfferedPrompt[]} prompts */
const suite = prompts => ({source: /** @type {const} */ ('suite'), prompts});
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
    offer: suite(SUITE),
  });

test('the base and the newest pipeline are proposed, oldest stage first', () => {
  assert.deepEqual(choices().proposed, ['base', 'new-1', 'new-2']);
  assert.deepEqual(new Choices({runs: [], bases: {}, offer: suite([])}).proposed, ['base']);
});

test('any run may join, and "base" is called by its name beside runs of several bases', () => {
  const known = choices();
  /** @param {[string, string][]} options */
  const values = options => options.map(([value]) => value);
  assert.deepEqual(values(known.addableRuns(['base', 'old'])), ['new-2', 'new-1', 'other']);
  assert.deepEqual(values(known.addableBases(['old'])), ['base', 'base:/models/other']);
  assert.deepEqual(values(known.addableBases(['base', 'old'])), ['base:/models/other']);
  assert.deepEqual(values(known.addableBases(['old', 'other'])), ['base:lantern', 'base:/models/other']);
  assert.deepEqual(known.joined(['base', 'old'], 'new-1'), ['base', 'old', 'new-1']);
  assert.deepEqual(known.joined(['base', 'old'], 'other'), ['base:lantern', 'old', 'other']);
  assert.deepEqual(known.joined(['base'], 'other'), ['base', 'other'], 'its own base is meant');
});

test('a run of its own data brings its own prompts, and the first of them is asked', () => {
  const known = choices();
  known.offered({source: 'held out', prompts: [{id: '', kind: 'held out', prompt: 'own', note: ''}]});
  assert.equal(known.firstPrompt, 'own');
  assert.deepEqual(known.kinds, ['held out']);
  assert.equal(known.itemOf('p2'), undefined);
});

test('a model is called by its run, its step, and the base by its title', () => {
  assert.equal(choices().label('base', ['base', 'old']), 'Base, Lantern');
  assert.equal(choices().label('base', ['base', 'other']), 'Base, Other');
  assert.equal(choices().label('old@40', []), 'old · SFT, step 40');
  assert.equal(choices().label('gone', []), 'gone');
  assert.equal(choices().label('base:/models/other', []), 'Base, Other');
  assert.equal(choices().label('endpoint:m@http://host:1/v1', []), 'm at host:1');
  assert.deepEqual(choices().stepsOf('old'), [40, 80]);
  assert.deepEqual(choices().stepsOf('base'), []);
});

test('a run that only an old comparison knows is named, but not offered', () => {
  const known = choices();
  known.learn([null, run('gone', 'p9')]);
  assert.equal(known.label('gone@7', []), 'gone · SFT, step 7');
  assert.ok(!known.addableRuns([]).some(([value]) => value === 'gone'));
});

test('a click each shows all prompts of a kind', () => {
  const known = choices();
  assert.equal(known.nextOfKind('known', 'typed'), 'p0');
  assert.equal(known.nextOfKind('known', 'p0'), 'p2');
  assert.equal(known.nextOfKind('known', 'p2'), 'p0');
  assert.equal(known.firstPrompt, 'p1');
  assert.equal(known.itemOf('p2')?.id, 'i2');
});
