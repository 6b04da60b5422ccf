import assert from 'node:assert/strict';
import {mock, test} from 'node:test';

// As much of a page as polling looks at.
Object.assign(globalThis, {document: {visibilityState: 'visible', addEventListener: () => {}}});
mock.timers.enable({apis: ['setTimeout']});
const {CurveStore} = await import('../../../../rlft_gui/ui/components/chart/store.js');

const settle = async () => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
};
/** @param {number} ms */
const pass = async ms => {
  mock.timers.tick(ms);
  await settle();
};
const TITLE = {title: 'Loss', unit: '', about: 'Loss.', from_zero: false, panel: '', place: 0};

/** A store over answers that are given by hand. */
async function opened() {
  /** @type {any[]} */
  const asked = [];
  /** @type {any[]} */
  const told = [];
  /** @type {any[]} */
  const answers = [];
  const element = /** @type {any} */ ({isConnected: true});
  const curves = /** @type {any} */ (
    async (/** @type {any} */ question) => {
      asked.push(question);
      return {ok: {runs: await answers.shift()}};
    }
  );
  const store = new CurveStore({element, curves, infos: {}, told: news => told.push(news)});
  await settle(); // the first question, about no run
  return {store, asked, told, answers, end: () => (element.isConnected = false)};
}

/** @param {string} cursor @param {[number, number][]} loss @param {object} more @returns {any} */
const update = (cursor, loss, more = {}) => ({
  id: 'a',
  cursor,
  reset: false,
  status: 'running',
  live: true,
  step: 0,
  total: null,
  strides: {},
  points: loss.length
    ? {loss: {steps: loss.map(([step]) => step), values: loss.map(([, value]) => value)}}
    : {},
  info: {},
  ...more,
});

test('it goes on from its cursor every second while a run is live', async () => {
  const {store, asked, told, answers, end} = await opened();
  answers.push([update('1', [[1, 2]], {info: {loss: TITLE}})], [update('2', [[2, 1]])], [update('2', [])]);
  store.select(['a'], null);
  await settle();
  await pass(1000);
  await pass(1000);

  assert.deepEqual(
    asked.map(question => question.runs),
    [[['a', '']], [['a', '1']], [['a', '2']]],
  );
  assert.deepEqual(store.get('a')?.series.loss.y, [2, 1]);
  assert.deepEqual(
    told.map(news => news.isFresh),
    [true, false],
    'an answer without news is not told',
  );
  assert.equal(store.info('loss').title, 'Loss');
  assert.equal(store.info('unheard').title, 'unheard');
  end();
});

test('other metrics start their runs anew', async () => {
  const {store, asked, answers, end} = await opened();
  answers.push([update('1', [[1, 2]], {info: {loss: TITLE}})], [update('1', [])]);
  store.select(['a'], ['loss']);
  await settle();
  store.select(['a'], ['kl']);
  await settle();

  assert.deepEqual(asked.at(-1), {runs: [['a', '']], names: ['kl']});
  end();
});

test('metrics that are added keep what is known until the answer', async () => {
  const {store, asked, answers, end} = await opened();
  answers.push([update('1', [[1, 2]], {info: {loss: TITLE}})], new Promise(() => {}));
  store.select(['a'], ['loss']);
  await settle();
  assert.equal(store.select(['a'], ['kl', 'loss']), true);
  await settle();

  assert.deepEqual(asked.at(-1), {runs: [['a', '']], names: ['kl', 'loss']});
  assert.deepEqual(store.get('a')?.series.loss.y, [2]);
  end();
});

test('selecting the same again asks nothing', async () => {
  const {store, asked, answers, end} = await opened();
  answers.push([update('1', [[1, 2]], {info: {loss: TITLE}})]);
  store.select(['a'], ['loss']);
  assert.equal(store.select(['a'], ['loss']), false);
  await settle();
  assert.equal(store.select(['a'], ['loss']), false);
  await settle();

  assert.equal(asked.length, 1);
  end();
});

test('an answer to a question that is no longer asked is dropped', async () => {
  const {store, told, answers, end} = await opened();
  /** @type {(value: any) => void} */
  let answer = () => {};
  answers.push(new Promise(resolve => (answer = resolve)), []);
  store.select(['a'], null);
  await settle();
  store.select([], null);
  answer([update('1', [[1, 2]])]);
  await settle();

  assert.deepEqual(told, []);
  assert.equal(store.get('a'), undefined);
  end();
});

test('runs that are gone are told by their ids', async () => {
  const {store, told, answers, end} = await opened();
  answers.push([{id: 'a', missing: 'a is gone.'}]);
  store.select(['a'], null);
  await settle();

  assert.deepEqual(told, [{isFresh: false, missing: ['a']}]);
  end();
});
