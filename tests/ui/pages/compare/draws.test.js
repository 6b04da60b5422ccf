import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  NEWEST,
  drawShown,
  drawnAnew,
  drawsOf,
  nextInAll,
  nextSeeds,
  seedsOf,
  shownOf,
  stepped,
} from '../../../../rlft_gui/ui/pages/compare/draws.js';
import {goesOnFrom} from '../../../../rlft_gui/ui/pages/compare/pane_words.js';

const FIRST = 7; // the seed of the first draw

/**
 * A comparison of two models whose panes have so many answers, turn by turn.
 * @param {number[]} counts by turn
 * @param {number} draws asked at first
 * @returns {any}
 */
const compared = (counts, draws) => ({
  draws,
  chat: counts.length > 1,
  prompts: counts.map(() => 'Why'),
  generations: counts.flatMap((count, prompt_index) =>
    Array.from({length: count}, (_, draw) =>
      [0, 1].map(pane => ({pane, prompt_index, draw, seed: FIRST + draw, status: 'done', text: 'So'})),
    ).flat(),
  ),
});
/** @param {any} comparison @param {import('../../../../rlft_gui/ui/pages/compare/draws.js').Shown} shown */
const seedsShown = (comparison, shown) =>
  comparison.prompts.map(
    (/** @type {string} */ _, /** @type {number} */ turn) =>
      shownOf(drawsOf(comparison, turn, 0), shown, comparison.draws).seed,
  );

test('a seed is shown in every turn that has it, and elsewhere the answer that was gone on from', () => {
  const comparison = compared([3, 6], 3);
  assert.deepEqual(
    seedsOf(comparison).map(([, seed]) => seed),
    [7, 8, 9, 10, 11, 12],
  );
  const shown = seedsOf(comparison).map(([draw]) => seedsShown(comparison, {draw, picked: {}}));
  assert.deepEqual(shown, [
    [7, 7],
    [8, 8],
    [9, 9],
    [7, 10],
    [8, 11],
    [9, 12],
  ]);
});

test('where no seed was chosen the newest answers are shown, and the switch says so', () => {
  const comparison = compared([3, 6], 3);
  assert.deepEqual(seedsShown(comparison, NEWEST), [7, 10]);
  assert.equal(drawShown(comparison, NEWEST), 3);
  assert.equal(drawShown(comparison, {draw: 1, picked: {}}), 1);
  assert.deepEqual(seedsShown(compared([2], 1), NEWEST), [8]);
});

test('an answer that was looked for is shown in its pane alone', () => {
  const comparison = compared([4], 2);
  const own = drawsOf(comparison, 0, 0);
  const back = stepped({draw: 3, picked: {}}, own, own[3], -1);
  assert.equal(shownOf(own, back, 2).seed, 9);
  assert.equal(shownOf(drawsOf(comparison, 0, 1), back, 2).seed, 10);
  assert.equal(shownOf(own, stepped(back, own, own[0], -1), 2).seed, 7, 'there is none before the first');
});

test('what was drawn anew is shown: in all panes, or in the one that was asked', () => {
  const grown = compared([3, 6], 3);
  assert.deepEqual(drawnAnew(NEWEST, grown, {}), NEWEST);
  assert.deepEqual(drawnAnew({draw: 1, picked: {'1 0': 2}}, grown, {}), {draw: 4, picked: {}});
  const one = drawnAnew({draw: 1, picked: {}}, grown, {pane: 0, prompt_index: 1});
  assert.deepEqual(one, {draw: 1, picked: {'1 0': 4}});
});

test('the buttons say how many answers they add, and to which turn', () => {
  assert.equal(nextInAll(compared([1], 1)), 'Next seed in all');
  assert.equal(nextInAll(compared([3, 3], 3)), 'Next 3 seeds in all, turn 2');
  assert.equal(nextInAll({...compared([1, 1], 1), chat: false}), 'Next seed in all');
  assert.equal(nextSeeds(compared([3], 3)), 'Next 3 seeds');
});

test('an answer says what it goes on from where another one stands before it', () => {
  const comparison = compared([6, 3], 3);
  const [answer] = drawsOf(comparison, 1, 0);
  const said = (/** @type {number | null} */ draw) =>
    goesOnFrom(comparison, /** @type {any} */ ({answer}), {draw, picked: {}});
  assert.equal(said(0), 'goes on from seed 10');
  assert.equal(said(3), '');
  assert.equal(said(null), '');
});
