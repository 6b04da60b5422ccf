// @ts-nocheck
// How numbers and times are written: a real minus, thin ranges, "about" for estimates, and no NaN shown as
// zero.
const MINUS = '−',
  NONE = '–';
// A value that rounds to zero has no sign.
const minus = text => (/^-[0.]+$/.test(text) ? text.slice(1) : text.replaceAll('-', MINUS));

// Enough digits to tell values apart, none that say nothing.
function number(value, digits) {
  if (value === null || value === undefined) return NONE;
  if (typeof value === 'string')
    return {nan: 'not a number', inf: 'infinite', '-inf': `${MINUS}infinite`}[value] ?? value;
  if (digits !== undefined) return minus(value.toFixed(digits));
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return minus(value.toExponential(1));
  return minus(
    Number.isInteger(value)
      ? value.toLocaleString('en')
      : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3),
  );
}
const signed = (value, digits = 2) => (value > 0 ? '+' : '') + number(value, digits);
const interval = (low, high, digits = 2) =>
  low == null || high == null ? '' : `[${number(low, digits)}, ${number(high, digits)}]`;
const count = (amount, one, many = `${one}s`) => `${number(amount)} ${amount === 1 ? one : many}`;
const percent = value => `${Math.round(value)} %`;

function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}
function ago(seconds) {
  if (seconds < 60) return 'now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return seconds < 172800 ? 'yesterday' : `${Math.floor(seconds / 86400)} days ago`;
}
const clock = date => date.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
const bytes = amount =>
  amount < 1e6
    ? `${Math.ceil(amount / 1e3)} kB`
    : amount < 1e9
      ? `${(amount / 1e6).toFixed(1)} MB`
      : `${(amount / 1e9).toFixed(amount < 1e10 ? 1 : 0)} GB`;
const small = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];
const spelled = amount => small[amount] ?? String(amount);

// Titles side by side, short: without the words that one begins with as another does, and those that all
// end with.
// Those that fit stay; what is still too long loses its middle; where all are the same there is nothing to
// tell.
const MOST = 18;
const cut = text =>
  text.length <= MOST ? text : `${text.slice(0, MOST / 2).trimEnd()}…${text.slice(1 - MOST / 2).trimStart()}`;
function alike(a, b, at) {
  const least = Math.min(a.length, b.length) - 1;
  let count = 0;
  while (count < least && a.at(at(count)) === b.at(at(count))) count++;
  return count;
}
function telling(titles) {
  const different = [...new Set(titles)].map(title => title.split(' '));
  if (titles.length < 2 || titles.every(title => title.length <= MOST)) return titles.map(cut);
  if (different.length === 1) return titles.map(() => '');
  const last = Math.min(...different.map(words => alike(words, different[0], count => -1 - count)));
  const short = new Map(
    different.map(words => {
      const first = Math.max(
        ...different.filter(other => other !== words).map(other => alike(words, other, count => count)),
      );
      const end = Math.max(first + 1, words.length - last);
      return [
        words.join(' '),
        `${first ? '… ' : ''}${cut(words.slice(first, end).join(' '))}${end < words.length ? ' …' : ''}`,
      ];
    }),
  );
  return titles.map(title => (new Set(short.values()).size === short.size ? short.get(title) : cut(title)));
}

// A short key in words: "over_refusal" is "Over refusal".
const alarmName = key => {
  const words = key.replaceAll('_', ' ');
  return words[0].toUpperCase() + words.slice(1);
};

// The one number that says how a run came out, with what it is; '' before it was measured.
const OUTCOMES = {
  held_out: value => `held-out loss ${number(value, 2)}`,
  gold: value => `gold ${number(value, 2)}`,
  accuracy: value => `accuracy ${number(value, 2)}`,
  rows: value => count(value, 'row'),
};
const outcome = run =>
  run.outcome && run.outcome.value != null ? OUTCOMES[run.outcome.kind](run.outcome.value) : '';

export {
  telling,
  alarmName,
  outcome,
  number,
  signed,
  interval,
  count,
  percent,
  duration,
  ago,
  clock,
  bytes,
  spelled,
  NONE,
};
