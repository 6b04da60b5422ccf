import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fitting, presetsIn} from '../../../../rlft_gui/ui/pages/new/preset_search.js';

/** @typedef {import('../../../../rlft_gui/ui/payloads').PresetGroup} PresetGroup */

/** @param {string} name @param {string} title @param {string} [source] */
const preset = (name, title, source = '') => ({
  name,
  title,
  about: 'Imitates 640 answers.',
  source,
  tried: !source,
});

/** @type {PresetGroup[]} */
const GROUPS = [
  {
    method: 'dpo',
    title: 'DPO',
    palette: 'dpo',
    learns_from: 'Pairs of answers.',
    presets: [
      preset('lantern-dpo', 'Lantern SFT, then DPO'),
      preset('zephyr', 'Zephyr', 'the Alignment Handbook'),
    ],
  },
  {
    method: 'constitutional',
    title: 'Constitutional AI',
    palette: 'constitutional',
    learns_from: 'Principles.',
    presets: [preset('lantern-constitutional', 'Lantern by its constitution')],
  },
];

/** @param {string} typed */
const found = typed => fitting(GROUPS, typed).flatMap(({presets}) => presets.map(({name}) => name));

test('without a word all are there', () => {
  assert.equal(fitting(GROUPS, '  '), GROUPS);
  assert.equal(presetsIn(GROUPS), 3);
});

test('a method is found by its name, in any case, and so are words of titles, texts and sources', () => {
  assert.deepEqual(found('dpo'), ['lantern-dpo', 'zephyr']);
  assert.deepEqual(found('CONSTITUTIONAL ai'), ['lantern-constitutional']);
  assert.deepEqual(found('handbook'), ['zephyr']);
  assert.deepEqual(found('imitates').length, 3);
});

test('all words must be said, in any order; a group without a fit is left out', () => {
  assert.deepEqual(found('sft lantern'), ['lantern-dpo']);
  assert.deepEqual(
    fitting(GROUPS, 'sft lantern').map(({method}) => method),
    ['dpo'],
  );
  assert.deepEqual(found('lantern xyzzy'), []);
});
