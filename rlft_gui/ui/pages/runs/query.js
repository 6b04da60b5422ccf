// What the table shows, as the address line keeps it.

/** @typedef {import('../../payloads').RunsAsked} RunsAsked */
/** @typedef {NonNullable<RunsAsked['group']>} Group */
/** @typedef {NonNullable<RunsAsked['order']>} Order */
/** @typedef {{text: string, group: Group, order: Order, upwards: boolean, offset: number}} Query */

/** @type {[Group, string][]} */
export const GROUPS = [
  ['all', 'All'],
  ['active', 'Active'],
  ['failed', 'Failed'],
];
/** @type {{order: Order, words: string, kind: string}[]} `kind`: the classes of its cells */
export const COLUMNS = [
  {order: 'run', words: 'Run', kind: 'full'},
  {order: 'status', words: 'Status', kind: 'full'},
  {order: 'steps', words: 'Steps', kind: 'r rl-num rl-hide-s'},
  {order: 'probe', words: 'Probe, gold [95 %]', kind: 'r rl-num'},
  {order: 'kl', words: 'KL, nats per answer', kind: 'r rl-num'},
  {order: 'time', words: 'Time', kind: 'r rl-num'},
  {order: 'started', words: 'Started', kind: 'r rl-num rl-hide-s'},
];

/**
 * @template {string} T
 * @param {string | null} word
 * @param {readonly T[]} allowed
 * @param {T} otherwise
 */
const pick = (word, allowed, otherwise) => allowed.find(one => one === word) ?? otherwise;

/**
 * @param {URLSearchParams} words
 * @returns {Query}
 */
export const queryIn = words => ({
  text: words.get('q') ?? '',
  group: pick(
    words.get('show'),
    GROUPS.map(([group]) => group),
    'all',
  ),
  order: pick(
    words.get('sort'),
    COLUMNS.map(({order}) => order),
    'started',
  ),
  upwards: words.get('up') === '1',
  offset: Math.max(0, parseInt(words.get('from') ?? '0') || 0),
});

/** What of it stands in the address: nothing that is so anyway. @param {Query} query */
export const addressed = ({text, group, order, upwards, offset}) => ({
  q: text,
  show: group === 'all' ? null : group,
  sort: order === 'started' ? null : order,
  up: upwards ? 1 : null,
  from: offset || null,
});

/**
 * The order after a press on a column's head: words begin at A, numbers at the largest.
 * @param {Query} query
 * @param {Order} order
 */
export const ordered = (query, order) => ({
  order,
  upwards: query.order === order ? !query.upwards : order === 'run' || order === 'status',
});

/**
 * Which rows are shown, counted from 1.
 * @param {number} offset
 * @param {{total: number, size: number}} page
 */
export const rangeOf = (offset, {total, size}) => ({
  from: Math.min(offset + 1, total),
  to: Math.min(offset + size, total),
});
