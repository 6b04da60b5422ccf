import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  advancedId,
  formOf,
  isUsed,
  textId,
  withOpen,
  withProblems,
  withTyped,
} from '../../../../rlft_gui/ui/pages/new/form.js';

/** @typedef {import('../../../../rlft_gui/ui/payloads').SettingsStep} SettingsStep */
/** @typedef {import('../../../../rlft_gui/ui/payloads').SettingsGroup} SettingsGroup */

const COMMON = {help: '', advanced: false, locked: false};

/** @type {SettingsGroup} */
const GRPO = {
  name: 'grpo',
  title: 'GRPO',
  sub: '',
  fields: [
    {...COMMON, name: 'beta', title: 'Beta', kind: 'number', value: 0.1, advanced: true},
    {...COMMON, name: 'rewards', title: 'Rewards', kind: 'rewards', value: 'length: 1', offers: []},
    {...COMMON, name: 'judge', title: 'Judge', kind: 'judge', value: '', offers: [['', 'Any', true]]},
    {...COMMON, name: 'rubric', title: 'Rubric', kind: 'rubric', value: '', offers: []},
  ],
  matters: {judge: [['rewards', 'judge']], rubric: [['judge', '']]},
};

/** @type {any} as much of the step as is looked at */
const TOLD = {
  draft: {title: '', seed: 0, settings: {grpo: {beta: 0.2}}},
  groups: [{...GRPO, name: 'pipeline', fields: [], matters: {}}, GRPO],
  problems: {},
  reshaping: [],
};
const [BETA, REWARDS, JUDGE] = GRPO.fields;

test('what is typed reaches the draft beside what was there', () => {
  const form = withTyped(formOf(TOLD), 'grpo', REWARDS, 'gold');
  assert.deepEqual(form.told.draft.settings, {grpo: {beta: 0.2, rewards: 'gold'}});
  assert.equal(TOLD.draft.settings.grpo.rewards, undefined, 'the former one is left as it was');
});

test("the pipeline's own fields stand at the draft's root", () => {
  /** @type {import('../../../../rlft_gui/ui/components/controls/typed.js').FormField} */
  const title = {...COMMON, name: 'title', title: 'Title', kind: 'text', value: ''};
  const {draft} = withTyped(formOf(TOLD), 'pipeline', title, 'Firm').told;
  assert.equal(draft.title, 'Firm');
  assert.deepEqual(draft.settings, TOLD.draft.settings);
});

test('the control keeps the text of a number on its way', () => {
  const form = withTyped(formOf(TOLD), 'grpo', BETA, '2.');
  assert.equal(form.typed.grpo.beta, '2.');
  assert.equal(form.told.draft.settings.grpo.beta, 2);
});

test('a setting matters once what it needs is said, through all that it depends on', () => {
  assert.equal(isUsed(GRPO, undefined, 'beta'), true);
  assert.equal(isUsed(GRPO, undefined, 'judge'), false);
  const judged = withTyped(formOf(TOLD), 'grpo', REWARDS, 'length: 1\n judge: 2').typed.grpo;
  assert.equal(isUsed(GRPO, judged, 'judge'), true);
  assert.equal(isUsed(GRPO, judged, 'rubric'), false, 'no judge is named yet');
  const named = {...judged, judge: {offer: 0, name: 'base'}};
  assert.equal(isUsed(GRPO, named, 'rubric'), true);
  assert.equal(isUsed(GRPO, {judge: named.judge}, 'rubric'), false, 'the judge itself does not matter');
  assert.equal(JUDGE.name, 'judge');
});

test('what is wrong inside a folded place unfolds it, and it stays so', () => {
  const wrong = withProblems(formOf(TOLD), {grpo: {beta: 'Too large.'}});
  assert.ok(wrong.open.has(advancedId('grpo')));
  assert.ok(withProblems(wrong, {}).open.has(advancedId('grpo')));
});

test('a wrong text is opened, a right one is not', () => {
  const {open} = withProblems(formOf(TOLD), {grpo: {rubric: 'Not YAML.'}});
  assert.deepEqual([...open], [textId('grpo', 'rubric')]);
});

test('what is folded by hand is folded', () => {
  const open = withOpen(formOf(TOLD), 'x', true);
  assert.ok(open.open.has('x'));
  assert.ok(!withOpen(open, 'x', false).open.has('x'));
});
