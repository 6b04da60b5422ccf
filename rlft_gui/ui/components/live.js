// @ts-nocheck
// What keeps a page current, as the pages that are not yet typed know it.
import {el} from './dom.js';
import {call as ask} from './call.js';
import {poll} from './poll.js';

const call = (fn, asked = {}) => ask(fn, asked);

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
