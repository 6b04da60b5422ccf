import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  inFront,
  isRead,
  placeAmong,
  stepName,
  usualShow,
} from '../../../../rlft_gui/ui/pages/compare/film_words.js';

/** @param {...string} texts @returns {any} */
const all = (...texts) => texts.map((text, pane) => ({answer: {text, pane, status: 'done'}}));

test('an answer is marked against the step before, the start, or none', () => {
  const three = all('a', 'b', 'c');
  assert.equal(inFront(three, 2, 'before'), 'b');
  assert.equal(inFront(three, 2, 'first'), 'a');
  assert.equal(inFront(three, 2, 'off'), null);
  assert.equal(inFront(three, 0, 'before'), null);
});

test('the slider says where among all steps it stands', () => {
  const steps = [null, 50, 76];
  const words = steps.map((step, at) => stepName(step) + placeAmong(steps, at));
  assert.deepEqual(words, ['Start, step 0 of 76', 'Step 50 of 76', 'Step 76 of 76']);
});

test('how often the answer changed is said once all are there', () => {
  assert.equal(isRead(all('a', 'a', 'b')), 'The answer changed once.');
  assert.equal(isRead(all('a', 'b', 'a')), 'The answer changed 2 times.');
  assert.equal(isRead(all('a', 'a')), 'The answer never changed.');
  const waiting = all('a', 'b');
  waiting[1].answer.status = 'writing';
  assert.equal(isRead(waiting), '1 of 2 answers are complete.');
});

test('many checkpoints are shown over steps, few side by side', () => {
  const film = {run: 'r', reward: null, kl: null};
  assert.equal(usualShow({...film, steps: [null, 10, 20]}), 'panes');
  assert.equal(usualShow({...film, steps: [10, 20, 30]}), 'steps');
});
