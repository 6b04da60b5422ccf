import assert from 'node:assert/strict';
import {test} from 'node:test';
import {NEWEST} from '../../../../rlft_gui/ui/pages/compare/draws.js';
import {
  answersTo,
  badgeOf,
  measured,
  openingOf,
  originOf,
  outcome,
  pieces,
  referenceOf,
  scoreNames,
} from '../../../../rlft_gui/ui/pages/compare/pane_words.js';

/** @typedef {import('../../../../rlft_gui/ui/payloads').Generation} Generation */

/** @param {Partial<Generation>} changes @returns {Generation} */
const answer = (changes = {}) => ({
  pane: 0,
  prompt_index: 0,
  draw: 0,
  seed: 0,
  checkpoint: null,
  text: '',
  tokens: 0,
  seconds: 0,
  finish: null,
  status: 'waiting',
  error: null,
  scores: {},
  ...changes,
});
/** @param {string} model */
const pane = model => ({model, title: model === 'base' ? 'Lantern' : `${model} · SFT`, palette: 'sft'});
/** @param {string} model @param {Partial<Generation>} changes */
const answered = (model, changes) => {
  const own = answer(changes);
  return {pane: pane(model), answer: own, draws: [own]};
};

test('answers stand in the order of the panes, each prompt on its own', () => {
  const comparison = /** @type {any} */ ({
    panes: [pane('base'), pane('r1')],
    draws: 1,
    generations: [answer({pane: 1}), answer({pane: 0, prompt_index: 1}), answer({pane: 0})],
  });
  assert.deepEqual(
    answersTo(comparison, 0, NEWEST).map(each => each.pane.model),
    ['base', 'r1'],
  );
  assert.equal(answersTo(comparison, 1, NEWEST).length, 1);
});

test('an answer is marked against the base or the left pane, never against itself', () => {
  const all = [
    answered('r1', {text: 'left'}),
    answered('base', {text: 'base', pane: 1}),
    answered('r2', {pane: 2}),
  ];
  assert.equal(referenceOf(all, all[2], 'base'), 'base');
  assert.equal(referenceOf(all, all[2], 'left'), 'left');
  assert.equal(referenceOf(all, all[1], 'base'), null);
  assert.equal(referenceOf(all, all[0], 'left'), null);
  assert.equal(referenceOf(all, all[2], 'off'), null);
  assert.equal(referenceOf([all[0], all[2]], all[2], 'base'), null);
  assert.equal(referenceOf(all, all[0], 'pane 2'), 'base');
  assert.equal(referenceOf(all, all[1], 'pane 2'), null);
  assert.equal(referenceOf(all, all[0], 'pane 9'), null);
});

test('new words are marked without the space before them', () => {
  const marked = pieces('It is Lima.', 'It is Cairo.');
  assert.deepEqual(marked.at(-1), {space: ' ', words: 'Lima.', kind: 'new'});
  assert.equal(marked.map(({space, words}) => space + words).join(''), 'It is Lima.');
  assert.deepEqual(pieces('It is Lima.', null), [{space: '', words: 'It is Lima.', kind: 'plain'}]);
  assert.deepEqual(pieces('', null), []);
});

test('what all answers begin with alike is told from the rest, by whole words', () => {
  /** @param {...string} texts */
  const all = (...texts) => texts.map((text, pane) => answered('r1', {text, pane}));
  assert.equal(openingOf(all('I do not know it.', 'I do not know that.')), 'I do not know');
  assert.equal(openingOf(all('I do not know', 'I do not know')), 'I do not know');
  assert.equal(openingOf(all('I do', 'I do not')), '');
  assert.equal(openingOf(all('I do not know')), '');
  assert.deepEqual(pieces('I do not know it.', null, 'I do not know'), [
    {space: '', words: 'I do not know', kind: 'same'},
    {space: '', words: ' it.', kind: 'plain'},
  ]);
});

test('scores stand by name, the suite’s first', () => {
  const all = [answered('r1', {scores: {gold: 1, 'reward model': 2}}), answered('r2', {})];
  assert.deepEqual(scoreNames(['gold', 'tone'], all), ['gold', 'tone', 'reward model']);
});

test('a pane names the checkpoint that answers, or what was asked for until that is known', () => {
  assert.deepEqual(originOf(answered('base', {checkpoint: 'base'})), {
    run: null,
    words: 'Lantern · no adapter',
  });
  assert.deepEqual(originOf(answered('endpoint:m@http://h/v1', {checkpoint: 'm-7b'})), {
    run: null,
    words: 'answered as m-7b',
  });
  assert.deepEqual(originOf(answered('r1', {})), {run: 'r1', words: ', last checkpoint'});
  assert.deepEqual(originOf(answered('r1', {checkpoint: 'r1@80'})), {run: 'r1', words: ', step 80'});
  assert.deepEqual(originOf(answered('r1@40', {})), {run: 'r1', words: ', step 40'});
});

test('what an answer took is told as far as it is known', () => {
  /** @type {Partial<Generation>} */
  const end = {status: 'done', tokens: 12, seconds: 0.34, finish: 'ended by itself'};
  assert.deepEqual(measured(answer()), ['–']);
  assert.deepEqual(measured(answer({status: 'writing', tokens: 1})), ['1 token so far']);
  assert.deepEqual(measured(answer({status: 'writing', tokens: 38, seconds: 2})), [
    '38 tokens so far',
    '19 tokens/s',
  ]);
  assert.deepEqual(measured(answer(end)), ['12 tokens', '0.3 s', 'ended by itself']);
  assert.deepEqual(measured(answer({status: 'failed'})), ['0 tokens', '0.0 s']);
  const uncounted = {text: 'Whole sentences.', seconds: 2};
  assert.deepEqual(measured(answer({...uncounted, status: 'writing'})), ['2.0 s so far']);
  assert.deepEqual(measured(answer({...uncounted, status: 'done', finish: 'cut here'})), [
    '2.0 s',
    'cut here',
  ]);
});

test('an answer that was stopped is not called done', () => {
  assert.equal(badgeOf(answer({status: 'done', finish: 'stopped'}))[2], 'Stopped');
  assert.equal(badgeOf(answer({status: 'done', finish: 'ended by itself'}))[2], 'Done');
  assert.equal(badgeOf(answer({status: 'failed'}))[2], 'Failed');
});

test('how a comparison has ended is said as it was', () => {
  /** @param {Generation['status'][]} states */
  const said = states => outcome({generations: states.map(status => answer({status}))});

  assert.equal(said(['done', 'done']), 'All answers are complete.');
  assert.equal(said(['done', 'failed']), '1 answer failed.');
  assert.equal(said(['failed', 'failed']), 'All answers failed.');
});
