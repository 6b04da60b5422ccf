// How numbers are written: a real minus, thin ranges, and no NaN shown as zero.
const MINUS = '−';
export const NONE = '–';

/** @typedef {number | 'nan' | 'inf' | '-inf' | null | undefined} Value as Python tells it: JSON has no NaN */

/** @type {Record<string, string>} */
const NOT_FINITE = {nan: 'not a number', inf: 'infinite', '-inf': `${MINUS}infinite`};

/**
 * A value that rounds to zero has no sign.
 * @param {string} text
 */
const minus = text => (/^-[0.]+$/.test(text) ? text.slice(1) : text.replaceAll('-', MINUS));

/** @param {number} size of a value that is no whole number */
function digitsFor(size) {
  if (size >= 100) return 0;
  if (size >= 10) return 1;
  return size >= 0.1 ? 2 : 3;
}

/**
 * Enough digits to tell values apart, none that say nothing.
 * @param {Value | string} value
 * @param {number} [digits] after the point, if they are fixed
 */
export function number(value, digits) {
  if (value === null || value === undefined) return NONE;
  if (typeof value === 'string') return NOT_FINITE[value] ?? value;
  if (digits !== undefined) return minus(value.toFixed(digits));
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return minus(value.toExponential(1));
  return minus(Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(digitsFor(size)));
}

/** @param {number} value @param {number} [digits] */
export const signed = (value, digits = 2) => (value > 0 ? '+' : '') + number(value, digits);

/**
 * One without any width says nothing of how sure a number is.
 * @param {Value} low
 * @param {Value} high
 * @param {number} [digits]
 */
export const interval = (low, high, digits = 2) =>
  low == null || high == null || low === high ? '' : `[${number(low, digits)}, ${number(high, digits)}]`;

/**
 * "1 run", "2 runs".
 * @param {number} amount
 * @param {string} one
 * @param {string} [many]
 */
export const count = (amount, one, many = `${one}s`) => `${number(amount)} ${amount === 1 ? one : many}`;

/** @param {number} value in hundredths */
export const percent = value => `${Math.round(value)} %`;

/** @param {number} amount */
export function bytes(amount) {
  if (amount < 1e6) return `${Math.ceil(amount / 1e3)} kB`;
  if (amount < 1e9) return `${(amount / 1e6).toFixed(1)} MB`;
  return `${(amount / 1e9).toFixed(amount < 1e10 ? 1 : 0)} GB`;
}

const SMALL = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

/**
 * A small number as the first word of a sentence.
 * @param {number} amount
 */
export const spelled = amount => SMALL[amount] ?? String(amount);
