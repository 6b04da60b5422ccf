import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  shownDocument,
  shownJudge,
  shownText,
  typedNumber,
  valueOf,
} from '../../../../rlft_gui/ui/components/controls/typed.js';

/** @typedef {import('../../../../rlft_gui/ui/components/controls/typed.js').FormField} FormField */

const COMMON = {name: 'any', title: 'Any', help: '', advanced: false, locked: false};

/** @type {Extract<FormField, {kind: 'judge'}>} */
const JUDGE = {
  ...COMMON,
  kind: 'judge',
  value: 'endpoint:http://127.0.0.1/v1',
  offers: [
    ['base', 'The base model', false],
    ['endpoint:', 'A model behind an address', true],
    ['', 'Another model', true],
  ],
};

/** @type {Extract<FormField, {kind: 'rubric' | 'constitution'}>} */
const RUBRIC = {
  ...COMMON,
  kind: 'rubric',
  value: 'short',
  offers: [
    {name: 'default', title: 'Default', about: '', text: 'name: default\n'},
    {name: 'short', title: 'Short', about: '', text: 'name: short\n'},
  ],
};

test('a number may be written with commas and a real minus', () => {
  assert.equal(typedNumber(' 1,200 '), 1200);
  assert.equal(typedNumber('−0.5'), -0.5);
  assert.equal(typedNumber('1e-4'), 0.0001);
});

test('what is no number stays as it was typed, to be refused', () => {
  assert.equal(typedNumber('a lot'), 'a lot');
  assert.equal(typedNumber('1,20'), '1,20');
  assert.equal(typedNumber('0,001'), '0,001');
  assert.equal(typedNumber('Infinity'), 'Infinity');
});

test('an empty field holds nothing', () => {
  assert.equal(typedNumber('  '), null);
});

test('a control goes on showing what is typed, while the draft keeps the number', () => {
  /** @type {FormField} */
  const beta = {...COMMON, kind: 'number', value: 0.1};
  assert.equal(shownText(beta, undefined), '0.1');
  assert.equal(shownText(beta, '2.'), '2.');
  assert.equal(valueOf(beta, '2.'), 2);
  assert.equal(valueOf(beta, undefined), 0.1);
});

test('a judge is known by how its name begins', () => {
  assert.deepEqual(shownJudge(JUDGE, undefined), {offer: 1, name: JUDGE.value});
  assert.equal(shownJudge({...JUDGE, value: 'base'}, undefined).offer, 0);
  assert.equal(shownJudge({...JUDGE, value: '/models/judge'}, undefined).offer, 2);
});

test('the offer of a judge stays while its name is emptied', () => {
  const typed = {offer: 1, name: ''};
  assert.deepEqual(shownJudge(JUDGE, typed), typed);
  assert.equal(valueOf(JUDGE, typed), '');
});

test('a shipped text is told by its name and kept by it', () => {
  assert.deepEqual(shownDocument(RUBRIC, undefined), {place: 1, text: 'name: short\n'});
  assert.equal(valueOf(RUBRIC, 'name: default\n'), 'default');
  assert.equal(valueOf(RUBRIC, 'name: default'), 'default', 'a line break at the end makes no difference');
});

test("an edited text is one's own, and ends with a line break", () => {
  assert.deepEqual(shownDocument(RUBRIC, 'name: mine'), {place: -1, text: 'name: mine'});
  assert.equal(valueOf(RUBRIC, 'name: mine'), 'name: mine\n');
  assert.equal(valueOf(RUBRIC, 'name: mine\n'), 'name: mine\n');
  assert.equal(shownDocument({...RUBRIC, value: 'name: mine\n'}, undefined).place, -1);
});

test("one's own text is never taken for the name of a shipped one", () => {
  assert.equal(shownDocument(RUBRIC, 'short').text, 'short');
});
