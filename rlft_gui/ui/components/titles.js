// What things are called in little room.
import {count, number} from './numbers.js';

const MOST = 18;

/** @param {string} text */
function cut(text) {
  if (text.length <= MOST) return text;
  return `${text.slice(0, MOST / 2).trimEnd()}…${text.slice(1 - MOST / 2).trimStart()}`;
}

/**
 * How many words two titles share, counted by `at` from either end; one word of each is always left.
 * @param {string[]} a
 * @param {string[]} b
 * @param {(count: number) => number} at
 */
function alike(a, b, at) {
  const least = Math.min(a.length, b.length) - 1;
  let shared = 0;
  while (shared < least && a.at(at(shared)) === b.at(at(shared))) shared++;
  return shared;
}

/**
 * Titles side by side, short: without the words that one begins with as another does, and those that all end
 * with. Those that fit stay; what is still too long loses its middle; where all are the same nothing is left.
 * @param {string[]} titles
 * @returns {string[]}
 */
export function telling(titles) {
  const different = [...new Set(titles)].map(title => title.split(' '));
  if (titles.length < 2 || titles.every(title => title.length <= MOST)) return titles.map(cut);
  if (different.length === 1) return titles.map(() => '');
  const last = Math.min(...different.map(words => alike(words, different[0], shared => -1 - shared)));
  const short = new Map(different.map(words => [words.join(' '), shortened(words, different, last)]));
  const tells = new Set(short.values()).size === short.size;
  return titles.map(title => (tells ? (short.get(title) ?? title) : cut(title)));
}

/** @param {string[]} words @param {string[][]} all @param {number} last how many words all end with */
function shortened(words, all, last) {
  const others = all.filter(other => other !== words);
  const first = Math.max(...others.map(other => alike(words, other, shared => shared)));
  const end = Math.max(first + 1, words.length - last);
  return `${first ? '… ' : ''}${cut(words.slice(first, end).join(' '))}${end < words.length ? ' …' : ''}`;
}

/**
 * A short key in words: "over_refusal" is "Over refusal".
 * @param {string} key
 */
export function inWords(key) {
  const words = key.replaceAll('_', ' ');
  return words[0].toUpperCase() + words.slice(1);
}

export const alarmName = inWords;

/** @type {Record<string, (value: any) => string>} */
const OUTCOMES = {
  held_out: value => `held-out loss ${number(value, 2)}`,
  gold: value => `gold ${number(value, 2)}`,
  accuracy: value => `accuracy ${number(value, 2)}`,
  rows: value => count(value, 'row'),
};

/**
 * The one number that says how a run came out, with what it is; "" before it was measured.
 * @param {{outcome: import('../payloads').Outcome | null}} run
 */
export const outcome = ({outcome: found}) => (found?.value == null ? '' : OUTCOMES[found.kind](found.value));

/**
 * What a run is called beside others.
 * @param {{title: string, stage: string}} run
 */
export const runName = ({title, stage}) => `${title} · ${stage}`;
