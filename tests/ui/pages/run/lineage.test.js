import assert from 'node:assert/strict';
import {test} from 'node:test';
import {depths, joined, layersOf} from '../../../../rlft_gui/ui/pages/run/lineage_layers.js';
import {curved, fitted, placed} from '../../../../rlft_gui/ui/pages/run/lineage_places.js';
import {nodeState, takes} from '../../../../rlft_gui/ui/pages/run/lineage_words.js';

/** @param {string | null} source @param {string} role @param {string} taker */
const link = (source, role, taker) => ({source, role, taker});
/** RLHF: a reward model beside the SFT run, and PPO that takes from both. @type {any} */
const rlhf = {
  nodes: [
    {id: 'sft', stage: 'SFT'},
    {id: 'rm', stage: 'Reward model'},
    {id: 'ppo', stage: 'PPO'},
  ],
  links: [
    link(null, 'adapter', 'sft'),
    link('sft', 'adapter', 'rm'),
    link('sft', 'adapter', 'ppo'),
    link('sft', 'data', 'ppo'),
    link('rm', 'reward', 'ppo'),
  ],
  left_out: 0,
  votes: [],
};

test('each run lies below all that it takes from', () => {
  assert.deepEqual(Object.fromEntries(depths(rlhf)), {null: 0, sft: 1, rm: 2, ppo: 3});
});

test('several roles between the same two runs are one line', () => {
  assert.deepEqual(joined(rlhf.links).find(({source, taker}) => source === 'sft' && taker === 'ppo')?.roles, [
    'adapter',
    'data',
  ]);
});

test('a line that skips a layer has a lane in it', () => {
  const {rows, steps} = layersOf(rlhf);

  assert.deepEqual(
    rows.map(row => row.map(({id, isLane}) => (isLane ? 'lane' : id))),
    [[null], ['sft'], ['rm', 'lane'], ['ppo']],
  );
  const long = steps.filter(({way}) => way.roles.includes('data'));
  assert.deepEqual(
    long.map(({from, to, isLast}) => [from.id, to.isLane, isLast]),
    [
      ['sft', true, false],
      [null, false, true],
    ],
  );
});

test('a layer is in the order of what it takes from', () => {
  /** @type {any} */
  const crossed = {
    nodes: ['a', 'b', 'x', 'y'].map(id => ({id})),
    links: [
      link(null, 'adapter', 'a'),
      link(null, 'adapter', 'b'),
      link('b', 'adapter', 'x'),
      link('a', 'data', 'y'),
    ],
    left_out: 0,
    votes: [],
  };
  assert.deepEqual(
    layersOf(crossed).rows.map(row => row.map(({id}) => id)),
    [[null], ['a', 'b'], ['y', 'x']],
  );
});

test('layers follow each other with a gap that shrinks before anything must scroll', () => {
  const {rows} = layersOf(rlhf);
  const wide = placed(rows, 'across', 1200);
  const narrow = placed(rows, 'across', 940);

  assert.deepEqual([wide.width, Math.round(narrow.width)], [4 * 180 + 3 * 82, 940]);
  assert.deepEqual(
    rows.map(([first]) => wide.boxes.get(first)?.x),
    [0, 262, 524, 786],
  );
});

test('a graph flows down where there is no room beside', () => {
  const {rows} = layersOf(rlhf);
  assert.equal(fitted(rows, 1200).flow, 'across');
  const phone = fitted(rows, 350);
  assert.equal(phone.flow, 'down');
  assert.ok(phone.width <= 350);
});

test('a line leaves a box at its middle and passes through its lane', () => {
  const box = {x: 0, y: 0, width: 100, height: 50};
  const lane = {x: 200, y: 80, width: 100, height: 20};
  assert.equal(curved(box, lane, true, 'across').path, 'M100 25C150 25 150 90 200 90L300 90');
  assert.deepEqual(curved(box, lane, true, 'across').at, {x: 250, y: 90});
  assert.deepEqual(curved(box, lane, false, 'across').at, {x: 150, y: 57.5});
});

test('a box says what it takes, and how it came out', () => {
  assert.equal(takes(rlhf, 'ppo'), 'weights from SFT, rows from SFT, reward from Reward model');
  assert.equal(takes(rlhf, 'sft'), '', 'the base is no run');
  /** @returns {any} */
  const node = (/** @type {object} */ about) => ({
    live: false,
    percent: null,
    outcome: null,
    seconds: null,
    ...about,
  });
  const done = {status: 'succeeded', outcome: {kind: 'gold', value: 0.8321}, seconds: 130};
  assert.equal(nodeState(node(done)), 'gold 0.83 · 2 min');
  assert.equal(nodeState(node({status: 'running', live: true, percent: 42})), '42 %');
  assert.equal(nodeState(node({status: 'queued'})), 'queued');
});
