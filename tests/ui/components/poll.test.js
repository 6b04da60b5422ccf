import assert from 'node:assert/strict';
import {beforeEach, mock, test} from 'node:test';

// As much of a page as polling looks at.
const page = {visibilityState: 'visible', addEventListener: () => {}};
Object.assign(globalThis, {document: page});
mock.timers.enable({apis: ['setTimeout']});
const {NoAnswer} = await import('../../../rlft_gui/ui/components/call.js');
const {onMisses, poll} = await import('../../../rlft_gui/ui/components/poll.js');

const element = /** @type {any} */ ({isConnected: true});
const settle = async () => {
  for (let i = 0; i < 9; i++) await Promise.resolve();
};
/** @param {number} ms */
const pass = async ms => {
  mock.timers.tick(ms);
  await settle();
};

beforeEach(() => {
  element.isConnected = true;
});

test('it asks again after the pause that the answer names, and ends on false', async () => {
  /** @type {any[]} */
  const answers = [undefined, 500, false];
  let asked = 0;
  poll(element, 1000, async () => answers[asked++]);
  await settle();
  await pass(999);
  assert.equal(asked, 1);
  await pass(1);
  assert.equal(asked, 2);
  await pass(500);
  assert.equal(asked, 3);
  await pass(60_000);
  assert.equal(asked, 3);
});

test('it never asks twice at a time, and a wish while busy is granted at once afterwards', async () => {
  let asked = 0;
  /** @type {(value?: any) => void} */
  let answer = () => {};
  const wake = poll(element, 1000, () => {
    asked++;
    return new Promise(resolve => (answer = resolve));
  });
  await settle();
  wake();
  wake();
  assert.equal(asked, 1);
  answer();
  await settle();
  await pass(0);
  assert.equal(asked, 2);
  element.isConnected = false;
});

test('misses are followed by tries after 1, 2, 5 and 10 seconds', async () => {
  let asked = 0;
  /** @type {string[][]} */
  const told = [];
  onMisses(misses => told.push(misses.map(one => one.told)));
  poll(element, 100, async () => {
    asked++;
    if (asked < 5) throw new NoAnswer('Busy.', 'told');
    return false;
  });
  await settle();
  for (const [seconds, times] of [
    [1, 2],
    [2, 3],
    [5, 4],
    [10, 5],
  ]) {
    await pass(seconds * 1000 - 1);
    assert.equal(asked, times - 1);
    await pass(1);
    assert.equal(asked, times);
  }
  assert.deepEqual(told, [['Busy.'], ['Busy.'], ['Busy.'], []]);
});

test('an element that left the page ends it', async () => {
  let asked = 0;
  poll(element, 1000, async () => void asked++);
  await settle();
  element.isConnected = false;
  await pass(5000);
  assert.equal(asked, 1);
});
