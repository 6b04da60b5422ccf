import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  linesOf,
  newTerm,
  termOf,
  textOfLines,
  toldOf,
} from '../../../../rlft_gui/ui/components/controls/reward_terms.js';

/** @typedef {import('../../../../rlft_gui/ui/payloads').TermKind} TermKind */

/** @param {TermKind['kind']} kind @param {Partial<TermKind>} [more] @returns {TermKind} */
const made = (kind, more = {}) => ({
  kind,
  title: kind,
  about: '',
  written: kind,
  parts: [],
  between: '',
  example: '',
  ...more,
});

const NUMBER = made('number');
const MODEL = made('reward_model', {parts: [{title: 'Attribute', mark: '', choices: []}]});
const REGEX = made('regex', {parts: [{title: 'Pattern', mark: '', choices: []}]});
const LENGTH = made('length', {
  parts: [
    {title: 'Fewest', mark: '', choices: []},
    {title: 'Most', mark: '', choices: []},
  ],
  between: '-',
  example: '5-60',
});
const FORMAT = made('format', {
  parts: [{title: 'Form', mark: '', choices: ['json', 'list']}],
  example: 'json',
});
const KEYWORDS = made('keywords', {
  parts: [
    {title: 'Good', mark: 'good=', choices: []},
    {title: 'Bad', mark: 'bad=', choices: []},
  ],
  between: ';',
});
const KINDS = [NUMBER, MODEL, REGEX, LENGTH, FORMAT, KEYWORDS];

/** @param {string} term */
const told = term => {
  const {kind, values} = toldOf(term, KINDS);
  return [kind?.kind ?? null, ...values];
};

test('a line is a term and its weight; terms have colons of their own', () => {
  assert.deepEqual(linesOf('number: 1\n\n  length:5-60: 0.2\nkeywords:good=a;bad=b: -2\nlength:5-60:3'), [
    {term: 'number', weight: '1'},
    {term: 'length:5-60', weight: '0.2'},
    {term: 'keywords:good=a;bad=b', weight: '-2'},
    {term: 'length:5-60', weight: '3'},
  ]);
});

test('a term without a weight counts once', () => {
  assert.deepEqual(linesOf('number\nlength:5-60'), [
    {term: 'number', weight: '1'},
    {term: 'length:5-60', weight: '1'},
  ]);
});

test('lines end as in any file, and spaces stay while somebody types', () => {
  assert.deepEqual(linesOf('number:\t1\r\nlength:5-60 : 2\rregex:yes : 3\nnumber: ٣'), [
    {term: 'number', weight: '1'},
    {term: 'length:5-60 ', weight: '2'},
    {term: 'regex:yes ', weight: '3'},
    {term: 'number', weight: '٣'},
  ]);
});

test('a weight on its way to a number stays as it is typed, and moves nothing into the term', () => {
  for (const weight of ['', '-', '0.', '1e', 'a lot'])
    assert.deepEqual(linesOf(textOfLines([{term: 'regex:a', weight}])), [{term: 'regex:a', weight}], weight);
});

test('what a form shows of a term makes that term again', () => {
  const terms = {
    number: ['number'],
    reward_model: ['reward_model', ''],
    'reward_model:safety': ['reward_model', 'safety'],
    'regex:a:b-c;good=d': ['regex', 'a:b-c;good=d'],
    'length:5-60': ['length', '5', '60'],
    'length:5-': ['length', '5', ''],
    length: ['length', '', ''],
    'format:list': ['format', 'list'],
    'keywords:good=a,b;bad=c': ['keywords', 'a,b', 'c'],
    'keywords:bad=c': ['keywords', '', 'c'],
    'keywords:good=a;b': ['keywords', 'a;b', ''],
  };
  for (const [term, parts] of Object.entries(terms)) {
    assert.deepEqual(told(term), parts, term);
    const {kind, values} = toldOf(term, KINDS);
    assert.equal(kind && termOf(kind, values), term);
  }
});

test('what the form has no place for is shown whole, and stays', () => {
  for (const term of [
    'beauty',
    'number:1',
    'format:xml',
    'length:60',
    'keywords:bad=b;good=a',
    'keywords:nice=a',
  ])
    assert.deepEqual(told(term), [null, term]);
});

test('a new term begins with an example where one does', () => {
  assert.equal(newTerm(LENGTH), 'length:5-60');
  assert.equal(newTerm(KEYWORDS), 'keywords');
});
