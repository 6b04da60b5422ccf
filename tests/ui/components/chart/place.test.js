import assert from 'node:assert/strict';
import {test} from 'node:test';
import {placeOn} from '../../../../rlft_gui/ui/components/chart/place.js';

/** @param {Record<string, [number, number | null][]>} points @returns {any} */
const run = points => ({
  series: Object.fromEntries(
    Object.entries(points).map(([name, pairs]) => [
      name,
      {x: pairs.map(([x]) => x), y: pairs.map(([, y]) => y), bad: [], stride: 1},
    ]),
  ),
});

test('a step stands at itself', () => {
  assert.equal(placeOn(undefined, 'step')(7), 7);
});

test('tokens grow evenly between two reports, from none at step 0', () => {
  const place = placeOn(
    run({
      tokens: [
        [10, 1000],
        [20, 3000],
      ],
    }),
    'tokens',
  );

  assert.deepEqual([0, 5, 10, 15, 20].map(place), [0, 500, 1000, 2000, 3000]);
  assert.equal(place(21), null, 'not reported yet');
});

test('KL is known at probes only', () => {
  const place = placeOn(
    run({
      'probe/kl/seq': [
        [0, 0],
        [10, 1.5],
        [20, null],
      ],
    }),
    'kl',
  );

  assert.deepEqual([0, 5, 10, 20].map(place), [0, null, 1.5, null]);
});

test('a run that has not reported the metric has no place', () => {
  assert.equal(placeOn(run({}), 'tokens')(0), null);
  assert.equal(placeOn(undefined, 'kl')(0), null);
});
