import assert from 'node:assert/strict';
import {test} from 'node:test';
import {covered} from '../../../../rlft_gui/ui/components/chart/covering.js';
import {crossesOf, curveOf, pointsOf} from '../../../../rlft_gui/ui/components/chart/curve.js';
import {allEnds, inWords, markedOf} from '../../../../rlft_gui/ui/components/chart/ends.js';
import {isSparse, smoother, smoothingOf} from '../../../../rlft_gui/ui/components/chart/smoothing.js';
import {rowsOf} from '../../../../rlft_gui/ui/components/chart/rows.js';

/** @param {(number | null)[]} y @param {[number, any][]} bad */
const series = (y, bad = []) => ({x: y.map((_, i) => i), y, bad, stride: 1});
/** @param {Record<string, any>} metrics @returns {any} */
const line = metrics => ({id: 'a', name: 'DPO', palette: 'dpo', nth: 0, run: {series: metrics}});
const INFO = {title: 'Loss', unit: 'nats/token', about: '', from_zero: false, panel: '', place: 0};

test('smoothing follows the values without a pull to the first one, and keeps holes', () => {
  const smooth = smoother(0.5);

  assert.equal(smooth(4), 4);
  assert.equal(smooth(1), 2);
  assert.equal(smooth(null), null);
  assert.equal(smooth(2), 2);
  assert.deepEqual([3, 1].map(smoother(0)), [3, 1]);
});

test('probes, held-out metrics and what is planned are never smoothed', () => {
  assert.ok(isSparse('probe/gold') && isSparse('eval/loss') && !isSparse('loss'));
  assert.deepEqual(
    ['probe/gold', 'lr', 'loss'].map(metric => smoothingOf(metric, 0.75)),
    [0, 0, 0.75],
  );
});

test('points have their interval, and the line ends at the last value', () => {
  const run = {
    'probe/gold': series([0.5, 0.75, null], [[2, 'nan']]),
    'probe/gold/low': series([0.25, 0.5, null]),
    'probe/gold/high': series([1, 1, null]),
  };
  const points = pointsOf(curveOf(line(run), 'probe/gold', 'step'), 0);

  assert.deepEqual(points, {
    x: [0, 1, 2],
    y: [0.5, 0.75, null],
    smooth: [0.5, 0.75, null],
    above: [0.5, 0.25, 0],
    below: [0.25, 0.25, 0],
    end: [1, 0.75],
  });
});

test('what is not finite is a cross at an edge: on top, or at the bottom for minus infinity', () => {
  const curve = curveOf(
    line({
      loss: series(
        [null, 1, null],
        [
          [0, 'nan'],
          [2, '-inf'],
        ],
      ),
    }),
    'loss',
    'step',
  );

  assert.deepEqual(crossesOf(curve), {x: [0, 2], y: [0.97, 0.03], text: ['not a number', '−infinite']});
});

test('a line counts the later ones that lie on it as far as both go', () => {
  const [a, b, c] = [series([1, 2, 3]), series([1, 2]), series([1, 2, 4])];

  assert.deepEqual(covered([a, b, c], 0.1), [1, 1, 0]);
  assert.deepEqual(covered([a, c], 1), [1, 0]);
  assert.deepEqual(covered([series([]), series([])], 1), [0, 0], 'nothing lies on nothing');
  assert.deepEqual(covered([series([1, null]), series([1, 2])], 9), [0, 0], 'a hole is not a value');
});

test('the end of a smoothed line is told, and a last value that is not finite by its name', () => {
  /** @param {any} loss @param {number} smoothing */
  const last = (loss, smoothing) => {
    const curves = [curveOf(line({loss}), 'loss', 'step')];
    return allEnds(
      curves,
      curves.map(curve => pointsOf(curve, smoothing)),
    )[0].last;
  };

  assert.equal(last(series([4, 1]), 0), 1);
  assert.equal(last(series([4, 1]), 0.5), 2);
  assert.equal(last(series([4, null], [[1, 'inf']]), 0.5), 'inf');
});

test('at a step stands what was measured there, smoothed as the line, and nothing between two points', () => {
  /** @param {any} loss @param {number} step @param {number} smoothing */
  const marked = (loss, step, smoothing = 0) => {
    const curve = curveOf(line({loss}), 'loss', 'step');
    return markedOf(curve, pointsOf(curve, smoothing), step);
  };
  const kl = {x: [0, 76], y: [0, 0.027], bad: [], stride: 1};
  assert.deepEqual(marked(kl, 50), {
    at: null,
    before: {step: 0, value: 0},
    after: {step: 76, value: 0.027},
  });
  assert.equal(marked(kl, 76).at?.value, 0.027);
  assert.deepEqual(marked(kl, 99).before, {step: 76, value: 0.027});
  assert.equal(marked(kl, 99).after, null);
  assert.deepEqual(marked(series([]), 0), {at: null, before: null, after: null});
  const loss = series([4, 1]);
  assert.deepEqual([marked(loss, 1, 0.5).at?.value, marked(loss, 1, 0.5).at?.raw], [2, 1]);
  assert.equal(marked(series([4, null], [[1, 'nan']]), 1, 0.5).at?.value, 'nan');
});

test('a chart says in words what it shows', () => {
  const curves = [curveOf(line({loss: series([4, 1])}), 'loss', 'step')];
  const ends = allEnds(
    curves,
    curves.map(curve => pointsOf(curve, 0)),
  );

  assert.equal(inWords(INFO, 'step', ends), 'Loss by step. DPO: from 4 at step 0 to 1 nats/token at step 1.');
  assert.equal(inWords(INFO, 'step', []), 'Loss: no points yet.');
});

test('the table has the newest step first and a dash where a line has no point', () => {
  const curves = [series([4, null, 2], [[1, 'nan']]), series([3])].map(loss =>
    curveOf(line({loss}), 'loss', 'step'),
  );

  assert.deepEqual(rowsOf(curves, 2), {
    total: 3,
    rows: [
      {step: 2, cells: ['2 ', '–']},
      {step: 1, cells: ['not a number ', '–']},
    ],
  });
  assert.deepEqual(rowsOf(curves, 9).rows[2].cells, ['4 ', '3 ']);
});

test('a thinned series is smoothed about as if no point were left out', () => {
  const values = Array.from({length: 400}, (_, i) => i / 100);
  /** @param {number} stride */
  const lag = stride => {
    const x = values.map((_, i) => i).filter(i => i % stride === 0);
    const loss = {x, y: x.map(i => values[i]), bad: [], stride};
    const {y, smooth} = pointsOf(curveOf(line({loss}), 'loss', 'step'), 0.75);
    return Math.round(1000 * (Number(y.at(-1)) - Number(smooth.at(-1))));
  };

  assert.deepEqual([lag(1), lag(2), lag(4)], [30, 26, 19], 'three steps, and not six and twelve');
});
