import assert from 'node:assert/strict';
import {test} from 'node:test';
import {lanes, links, path, room} from '../../../rlft_gui/ui/components/plan_lanes.js';

/** @typedef {import('../../../rlft_gui/ui/components/plan_lanes.js').Role} Role */

/** SFT; a reward model on it; PPO, which goes on from SFT and is scored by the reward model. */
/** @type {{takes: [Role, number][]}[]} */
const RLHF = [
  {takes: []},
  {takes: [['weights', 0]]},
  {
    takes: [
      ['weights', 0],
      ['reward', 1],
    ],
  },
];

test('a stage that takes two things from another has one line to it', () => {
  /** @type {{takes: [Role, number][]}[]} */
  const stages = [
    {takes: []},
    {
      takes: [
        ['weights', 0],
        ['rows', 0],
      ],
    },
  ];
  assert.deepEqual(links(stages), [{from: 0, to: 1, role: 'rows'}]);
});

test('lines to the stage right below run straight, others beside them', () => {
  const ways = lanes(links(RLHF));
  assert.deepEqual(
    ways.map(({from, to, lane}) => [from, to, lane]),
    [
      [0, 1, 0],
      [1, 2, 0],
      [0, 2, 1],
    ],
  );
});

test('lines that would lie over each other take lanes of their own', () => {
  const ways = lanes([
    {from: 0, to: 3, role: 'weights'},
    {from: 1, to: 4, role: 'rows'},
    {from: 4, to: 6, role: 'rows'},
  ]);
  const laneOf = Object.fromEntries(ways.map(({from, to, lane}) => [`${from}-${to}`, lane]));
  assert.notEqual(laneOf['0-3'], laneOf['1-4']);
  assert.equal(laneOf['4-6'], 1, 'the nearest lane is free again');
});

test('room is left for as many lanes as there are', () => {
  assert.ok(room(lanes(links(RLHF))) > room([]));
});

test('a straight line leads from the foot of one dot to the head of the next', () => {
  const dots = [
    {x: 20, y: 12, w: 12, h: 12},
    {x: 20, y: 60, w: 12, h: 12},
  ];
  assert.equal(path({from: 0, to: 1, lane: 0, role: 'weights'}, dots), 'M32 24V48');
});
