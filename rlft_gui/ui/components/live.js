/* eslint-disable */
// @ts-nocheck
// What keeps a page current: calls to Python, polling only while visible and one at a time, and the offline
// line.
import {el} from './dom.js';
import {icon} from './marks.js';
import {clock} from './words.js';

const WAITS = [1, 2, 5, 10]; // seconds between tries while the app does not answer
const lost = new Map(); // polls without an answer → when they last had one
const wakers = new Set();

// Calls a server function with one object. A sentence from Python is thrown as an Error with `told`,
// silence as one
// with `lost`.
async function call(fn, asked = {}) {
  let answer = null;
  try {
    answer = await fn(asked);
  } catch {
    /* the network says more in the console than the error does */
  }
  if (answer && 'problem' in answer) throw Object.assign(new Error(answer.problem), {told: true});
  if (!answer || !('ok' in answer)) throw Object.assign(new Error('The app did not answer.'), {lost: true});
  return answer.ok;
}

// Repeats `once` while `element` is on the page: every `every` ms (or what `once` returns), not while
// hidden, never
// two at a time. After two misses the page says since when it is offline; tries follow at 1, 2, 5 and 10 s.
// Returns a function that asks at once.
function poll(element, every, once) {
  let misses = 0,
    lastAnswer = new Date(),
    timer = null,
    busy = false,
    again = false,
    ended = false,
    met = false;
  const wake = () => {
    if (busy) {
      again = true;
      return;
    }
    clearTimeout(timer);
    tick();
  };
  const end = () => {
    ended = true;
    clearTimeout(timer);
    lost.delete(wake);
    wakers.delete(wake);
    offline();
  };
  async function tick() {
    if (ended) return;
    if (!element.isConnected) {
      if (met) return end();
      timer = setTimeout(tick, 50); // not yet put into the page
      return;
    }
    met = true;
    if (document.visibilityState !== 'visible') return; // the visibility event wakes it
    busy = true;
    let wait = every;
    try {
      const next = await once();
      if (next === false) {
        busy = false;
        return end();
      }
      if (typeof next === 'number') wait = next;
      misses = 0;
      lastAnswer = new Date();
      lost.delete(wake);
    } catch (error) {
      if (!error.lost && !error.told) console.error(error);
      wait = WAITS[Math.min(misses, WAITS.length - 1)] * 1000;
      if (++misses > 1 && (error.lost || error.told))
        lost.set(wake, {since: lastAnswer, told: error.told && error.message});
    }
    busy = false;
    offline();
    if (again) {
      again = false;
      wait = 0;
    }
    timer = setTimeout(tick, wait);
  }
  wakers.add(wake);
  tick();
  return wake;
}
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') for (const wake of [...wakers]) wake();
});

// One amber line for the whole page, under the bar.
let line = null;
function offline() {
  if (!lost.size) {
    line?.remove();
    line = null;
    return;
  }
  const since = new Date(Math.min(...[...lost.values()].map(one => +one.since)));
  if (!line) {
    line = el(
      'div',
      {class: 'rl-off', role: 'status'},
      icon('warn'),
      el('span'),
      el(
        'button',
        {
          type: 'button',
          onclick: () => {
            for (const wake of [...lost.keys()]) wake();
          },
        },
        'Try now',
      ),
    );
    (document.querySelector('.nav-holder') ?? document.body.firstElementChild).after(line);
  }
  const told = [...lost.values()].map(one => one.told).find(Boolean);
  const words =
    told ||
    `Not connected since ${clock(since)}. Training goes on; this page shows the state of that moment.`;
  const text = line.querySelector('span');
  if (text.textContent !== words) text.textContent = words;
}

// "updated 3 s ago", counted in the browser. Returns {node, touch}.
function age(prefix) {
  const node = el('span', {class: 'rl-xs rl-faint', 'aria-live': 'off'});
  let at = null;
  const show = () => {
    if (at) node.textContent = `${prefix} ${Math.max(0, Math.round((Date.now() - at) / 1000))} s ago`;
  };
  const timer = setInterval(() => (node.isConnected || !at ? show() : clearInterval(timer)), 1000);
  return {
    node,
    touch: (when = Date.now()) => {
      at = when;
      show();
    },
  };
}

// Seconds that a run has really run, over all its attempts; `now` in the app's time. null before the first.
const elapsed = (run, now) =>
  run.running_since == null ? run.ran_seconds : (run.ran_seconds ?? 0) + Math.max(0, now - run.running_since);

// Pace: from the steps of the last minute, as seen on this page; before that, from the whole of a first
// attempt once
// loading weighs little in it.
const WINDOW = 60,
  ENOUGH_STEPS = 20;
const seen = new Map();
function secondsPerStep(run) {
  const now = Date.now() / 1000,
    key = `${run.id} ${run.attempt}`;
  const marks = seen.get(key) ?? [];
  seen.set(key, marks);
  if (marks.at(-1)?.step !== run.step) marks.push({step: run.step, at: now});
  while (marks.length > 2 && now - marks[1].at > WINDOW) marks.shift();
  const steps = run.step - marks[0].step,
    time = now - marks[0].at;
  // The first mark may lie within a step, and step 0 waits for loading and the first probe.
  if (steps >= 3 && time > 4 && marks[0].step > 0) return time / steps;
  return run.attempt === 1 && run.step >= ENOUGH_STEPS && run.elapsed ? run.elapsed / run.step : null;
}

// For a screen reader: said politely, seen by nobody.
let voice = null;
function say(words) {
  voice ??= document.body.appendChild(el('div', {class: 'rl-vh', role: 'status'}));
  voice.textContent = words;
}

export {call, poll, age, elapsed, secondsPerStep, say};
