import assert from 'node:assert/strict';
import {test} from 'node:test';
import {heap, placeWords, rangeOf} from '../../../../rlft_gui/ui/pages/score/places.js';

test('the scale holds known answers and all scores, and is never empty', () => {
  const known = {by_side: {chosen: [0, 2], rejected: [-1]}, is_held_out: true};
  assert.deepEqual(rangeOf(known, [5]), [-1, 5]);
  assert.deepEqual(rangeOf({by_side: {completion: [1, 1]}, is_held_out: true}, []), [0, 2]);
});

test('the fullest bin is 1 and the ends belong to the scale', () => {
  const shares = heap([0, 0, 10], [0, 10]);
  assert.equal(shares[0], 1);
  assert.equal(shares.at(-1), 0.5);
  assert.equal(
    shares.reduce((sum, share) => sum + share, 0),
    1.5,
  );
});

test('a place is told by sides where there are any', () => {
  assert.equal(
    placeWords({chosen: 0.264, rejected: 0.5, known: 0.4}),
    'above 26 % of chosen, 50 % of rejected',
  );
  assert.equal(placeWords({chosen: null, rejected: null, known: 0.4}), 'above 40 % of known answers');
  assert.equal(placeWords(null), '');
});
