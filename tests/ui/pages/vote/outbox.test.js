import assert from 'node:assert/strict';
import {mock, test} from 'node:test';
import {NoAnswer} from '../../../../rlft_gui/ui/components/call.js';
import {Refused, wordsOf} from '../../../../rlft_gui/ui/pages/vote/refused.js';
import {Outbox} from '../../../../rlft_gui/ui/pages/vote/outbox.js';

/** What a browser keeps. @param {Record<string, string>} [held] */
function storeOf(held = {}) {
  const items = new Map(Object.entries(held));
  return {
    getItem: (/** @type {string} */ name) => items.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => void items.set(name, text),
    removeItem: (/** @type {string} */ name) => void items.delete(name),
    key: (/** @type {number} */ at) => [...items.keys()][at] ?? null,
    get length() {
      return items.size;
    },
    items,
  };
}

/** @param {string} ballot @param {number} at */
const entry = (ballot, at) => ({
  ballot,
  rater: 'Anna',
  votes: 'week 1',
  cast: {ballot, rater: 'Anna', choice: /** @type {const} */ ('a')},
  at,
});

/** An app that can be cut off, and what arrived there. */
function world(store = storeOf()) {
  /** @type {string[]} */
  const arrived = [];
  const app = {isAway: false, told: '', arrived, store};
  const outbox = new Outbox({
    send: async ({ballot}) => {
      if (app.isAway) throw new NoAnswer(app.told || 'The app did not answer.', app.told ? 'told' : 'lost');
      arrived.push(ballot);
      return {state: null, refused: ''};
    },
    arrived: () => {},
    changed: () => {},
    store,
  });
  return {app, outbox};
}
const settled = () => new Promise(resolve => setImmediate(resolve));

test('a vote is kept until it arrived, and forgotten then', async () => {
  const {app, outbox} = world();
  outbox.put(entry('b1', 1));
  assert.equal(app.store.items.size, 1, 'before anybody answers it is kept');
  await settled();
  assert.deepEqual(app.arrived, ['b1']);
  assert.equal(app.store.items.size, 0);
  assert.equal(outbox.entries.length, 0);
});

test('what could not be sent is sent again in order, once the app answers', async () => {
  mock.timers.enable({apis: ['setTimeout']});
  const {app, outbox} = world();
  app.isAway = true;
  outbox.put(entry('b1', 1));
  outbox.put(entry('b2', 2));
  await settled();
  assert.ok(outbox.isLost);
  assert.equal(app.store.items.size, 2);
  mock.timers.tick(1000);
  await settled();
  assert.equal(outbox.entries.length, 2, 'still away');
  app.isAway = false;
  mock.timers.tick(2000);
  await settled();
  assert.deepEqual(app.arrived, ['b1', 'b2']);
  assert.ok(!outbox.isLost);
  mock.timers.reset();
});

test('a full disk loses no vote: what the app says is told, and it is tried again', async () => {
  mock.timers.enable({apis: ['setTimeout']});
  const {app, outbox} = world();
  [app.isAway, app.told] = [true, 'The disk is full.'];
  outbox.put(entry('b1', 1));
  await settled();
  assert.equal(outbox.trouble, 'The disk is full.');
  assert.equal(outbox.entries.length, 1);
  app.isAway = false;
  mock.timers.tick(1000);
  await settled();
  assert.deepEqual(app.arrived, ['b1']);
  mock.timers.reset();
});

test('a later visit sends what an earlier one could not, oldest first', async () => {
  const store = storeOf({
    'rl-vote:b2': JSON.stringify(entry('b2', 2)),
    'rl-vote:b1': JSON.stringify(entry('b1', 1)),
    'rl-vote:broken': '{',
    'rl-vote:strange': '[]',
    theme: 'dark',
  });
  const {app, outbox} = world(store);
  await outbox.flush();
  assert.deepEqual(app.arrived, ['b1', 'b2']);
  assert.equal(store.getItem('theme'), 'dark');
});

test('only what cannot have arrived is taken back here', async () => {
  mock.timers.enable({apis: ['setTimeout']});
  const {app, outbox} = world();
  app.isAway = true;
  outbox.put(entry('b1', 1));
  outbox.put(entry('b2', 2));
  await settled();
  assert.equal(outbox.take('b1'), null, 'the answer may have been lost, and not the vote');
  assert.equal(outbox.take('b2')?.ballot, 'b2');
  assert.deepEqual(
    outbox.entries.map(({ballot}) => ballot),
    ['b1'],
  );
  mock.timers.reset();
});

test('a browser that keeps nothing still sends', async () => {
  const store = storeOf();
  store.setItem = () => {
    throw new Error('quota');
  };
  const {app, outbox} = world(store);
  outbox.put(entry('b1', 1));
  await settled();
  assert.deepEqual(app.arrived, ['b1']);
});

test('words of a refused vote are kept over visits until they are let go', () => {
  const store = storeOf();
  const edited = entry('b1', 1);
  const written = {...edited, cast: {...edited.cast, edited: 'As it should be.', text: 'A note.'}};
  new Refused(store).keep(written, 'Too long.');
  new Refused(store).keep(entry('b2', 2), 'Too late.');
  const later = new Refused(store);
  assert.deepEqual(
    later.entries.map(one => [one.why, wordsOf(one)]),
    [['Too long.', 'As it should be.\n\nA note.']],
  );
  assert.equal(
    new Outbox({send: async () => ({state: null, refused: ''}), arrived() {}, changed() {}, store}).entries
      .length,
    0,
  );
  later.forget(written);
  assert.equal(store.items.size, 0);
});
