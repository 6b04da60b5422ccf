import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addressed, chosenIn, metricsOf} from '../../../../rlft_gui/ui/pages/runs/chart_chosen.js';
import {captionOf, optionsOf, sharedBy} from '../../../../rlft_gui/ui/pages/runs/chart_words.js';
import {linesOf} from '../../../../rlft_gui/ui/pages/runs/lines.js';

/** @param {object} changes @returns {any} */
const run = changes => ({title: 'Tour', stage: 'DPO', palette: 'dpo', created_at: 0, ...changes});
/** @type {any} */
const store = {get: () => undefined};

test('what a reader chose is in the address, and nothing that is so anyway', () => {
  const words = 'm=loss&x=kl&table=1';
  const chosen = chosenIn(new URLSearchParams(words));

  assert.deepEqual(chosen, {metric: 'loss', axis: 'kl', hasTable: true, zoom: null});
  assert.deepEqual(addressed(chosen), {m: 'loss', x: 'kl', table: 1});
  assert.deepEqual(addressed(chosenIn(new URLSearchParams('x=up'))), {m: null, x: null, table: null});
});

test('a chart asks for its metric, its interval and its axis, each once', () => {
  const chosen = chosenIn(new URLSearchParams());

  assert.deepEqual(metricsOf(chosen), ['probe/gold', 'probe/gold/low', 'probe/gold/high']);
  assert.equal(metricsOf({...chosen, axis: 'tokens'}).at(-1), 'tokens');
  assert.equal(metricsOf({...chosen, metric: 'tokens', axis: 'tokens'}).length, 3);
});

test('runs of one method are told apart by dashes, and those that are called alike by their time', () => {
  const lines = linesOf(
    [run({id: 'a'}), run({id: 'b', palette: 'sft', stage: 'SFT'}), run({id: 'c'})],
    store,
  );

  assert.deepEqual(
    lines.map(line => line.nth),
    [0, 0, 1],
  );
  assert.match(lines[0].name, /^Tour · DPO \d/);
  assert.equal(lines[1].name, 'Tour · SFT');
  assert.deepEqual([lines[1].title, lines[1].tail], ['Tour', ' · SFT']);
});

test('the caption says what points are, and what a dash and KL mean where there are any', () => {
  assert.equal(captionOf('loss', 'step', [{nth: 0}], 1), 'Thin line: every step. Thick line: smoothed.');
  assert.match(captionOf('loss', 'step', [{nth: 0}], 4), /^Thin line: one point of 4\./);
  assert.equal(captionOf('probe/length', 'step', [], 1), 'Each dot is one probe on held-out prompts.');
  assert.match(captionOf('probe/gold', 'kl', [{nth: 1}], 1), /prompts\. A dashed line .* KL is measured/);
});

test('the metric that is drawn can always be chosen, and only what all runs have is shared', () => {
  const choices = [
    {
      name: 'loss',
      runs: 2,
      info: {title: 'Loss', unit: '', about: '', from_zero: false, panel: '', place: 0},
    },
    {name: 'kl', runs: 1, info: {title: 'kl', unit: '', about: '', from_zero: false, panel: '', place: 0}},
  ];

  assert.deepEqual(sharedBy(choices, 2), ['loss']);
  assert.deepEqual(
    optionsOf(choices, {name: 'odd', info: {title: 'Odd'}}).map(option => option.words),
    ['Odd (odd)', 'Loss (loss)', 'kl'],
  );
  assert.equal(optionsOf(choices, choices[0]).length, 2);
});
