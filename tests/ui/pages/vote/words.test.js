import assert from 'node:assert/strict';
import {test} from 'node:test';
import {kept, place, reliance, remarks, soFar, timeLeft} from '../../../../rlft_gui/ui/pages/vote/words.js';

/** @param {string} title */
const named = title => ({title, palette: 'base', model: title});
const STANDING = {first: named('RLHF'), second: named('DPO'), share: 0.58, low: 0.39, high: 0.74, n: 26};

test('few votes are said to be few, with what they allow and what would settle it', () => {
  const [verdict, numbers] = soFar({...STANDING, needed: 298});
  assert.equal(verdict, 'Too early to tell.');
  assert.equal(
    numbers,
    'RLHF wins 58 % of 26 votes against DPO; with so few the true rate may be anywhere from 39 to 74 %. ' +
      'A gap of this size takes about 300 votes to settle.',
  );
  assert.ok(!soFar({...STANDING, needed: null})[1].includes('gap'));
});

test('who is ahead is said only where the interval lies on one side', () => {
  const [verdict, numbers] = soFar({...STANDING, low: 0.51, high: 0.65, n: 300, needed: 301});
  assert.equal(verdict, 'RLHF is ahead.');
  assert.match(numbers, /true rate lies within 51 to 65 %/);
});

test('where one is and how long it takes', () => {
  assert.equal(place(26, 14, 'pair'), 'Pair 27 of 40');
  assert.equal(place(0, 0, 'likert'), 'Answer 1 of 1');
  assert.equal(timeLeft([4, 20], 30), '', 'two votes tell no pace');
  assert.equal(timeLeft([4, 20, 8], 30), 'about 4 min left at your pace');
  assert.equal(timeLeft([4, 20, 8], 5), 'about 40 s left at your pace');
});

test('checks, repeats and haste are told', () => {
  const vote = {check: null, repeat: null, is_too_fast: false};
  assert.deepEqual(remarks(/** @type {any} */ (vote)), []);
  assert.equal(remarks(/** @type {any} */ ({check: false, repeat: true, is_too_fast: true})).length, 3);
  const none = {judged: 0, left: 1, note: '', repeats: 0, repeats_same: 0, checks: 0, checks_right: 0};
  assert.equal(reliance(none), '');
  assert.equal(
    reliance({...none, repeats: 4, repeats_same: 3, checks: 1, checks_right: 1}),
    'You said the same of 3 of 4 pairs that came twice. ' +
      'You saw through 1 of 1 check: an answer beside itself in disorder.',
  );
});

test('what is kept in the browser is counted', () => {
  assert.equal(
    kept(1, ''),
    'The app does not answer. 1 vote is kept in this browser and sent again by itself.',
  );
  assert.match(kept(2, 'The disk is full.'), /^The disk is full\. 2 votes are kept/);
});
