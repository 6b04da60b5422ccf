// What the table shows, as the address line keeps it.

/** @typedef {import('../../payloads').AnswersAsked} AnswersAsked */
/** @typedef {NonNullable<AnswersAsked['order']>} Order */
/** @typedef {NonNullable<AnswersAsked['result']>} Result */
/**
 * @typedef {object} Query
 * @property {string[]} columns keys; none for those of `batch`, or of the newest batch
 * @property {string} batch
 * @property {string} baseline
 * @property {string} other
 * @property {string} score
 * @property {Order} order
 * @property {string} kind
 * @property {string} text
 * @property {Result} result
 * @property {number} offset
 */

/** @type {[Order, string][]} */
export const ORDERS = [
  ['suite', 'As in the suite'],
  ['win', 'Biggest win'],
  ['loss', 'Biggest loss'],
  ['different', 'Most different'],
  ['longest', 'Longest'],
  ['unstable', 'Least stable over seeds'],
];
/** @type {Result[]} */
const RESULTS = ['win', 'loss', 'tie'];

/** Between keys in the address: no key holds one. */
const BETWEEN = ' ';

/**
 * @param {URLSearchParams} words
 * @returns {Query}
 */
export const queryIn = words => ({
  columns: (words.get('columns') ?? '').split(BETWEEN).filter(Boolean),
  batch: words.get('batch') ?? '',
  baseline: words.get('baseline') ?? '',
  other: words.get('other') ?? '',
  score: words.get('score') ?? '',
  order: ORDERS.map(([order]) => order).find(one => one === words.get('sort')) ?? 'suite',
  kind: words.get('kind') ?? '',
  text: words.get('q') ?? '',
  result: RESULTS.find(one => one === words.get('result')) ?? '',
  offset: Math.max(0, parseInt(words.get('from') ?? '0') || 0),
});

/** What of it stands in the address: nothing that is so anyway. @param {Query} query */
export const addressed = query => ({
  columns: query.columns.join(BETWEEN),
  batch: query.columns.length ? null : query.batch,
  baseline: query.baseline,
  other: query.other,
  score: query.score,
  sort: query.order === 'suite' ? null : query.order,
  kind: query.kind,
  q: query.text,
  result: query.result,
  from: query.offset || null,
});

/**
 * The columns with one at another step of its run.
 * @param {string[]} columns
 * @param {string} key of the column
 * @param {string} step
 */
export const stepped = (columns, key, step) => {
  const [run] = key.split('@');
  return columns.map(one => (one === key ? `${run}@${step}` : one));
};

/**
 * A press on a count of a column's head: its prompts alone, or all again.
 * @param {Query} query
 * @param {string} column
 * @param {Result} result
 */
export const counted = (query, column, result) =>
  query.other === column && query.result === result
    ? {result: /** @type {Result} */ ('')}
    : {other: column, result};
