/* eslint-disable */
// @ts-nocheck
// Curves of runs, kept in the browser and brought up to date by cursor. Charts draw from here.
// A series is {x: [step], y: [value or null], bad: [[step, "nan" | "inf" | "-inf"]]}.
import {call, poll} from './live.js';

const series = () => ({x: [], y: [], bad: []});
const blank = () => ({cursor: '', series: {}, status: null, live: false, step: 0, total: null});

function take(series, points) {
  for (const [step, value] of points) {
    series.x.push(step);
    series.y.push(typeof value === 'number' ? value : null);
    if (typeof value !== 'number') series.bad.push([step, value]);
  }
}

// store(element, ask, told): `ask` is the server function; `told` gets {grown: {id: {name: from}}, fresh:
// bool}
// whenever something changed: `fresh` means that curves must be drawn anew. `metrics` are titles known
// beforehand.
function store(element, ask, told, metrics = {}) {
  const runs = new Map(),
    infos = {...metrics};
  let ids = [],
    names = null,
    turn = 0;

  function absorb(update, grown) {
    const run = runs.get(update.id) ?? blank();
    const fresh = update.reset || !run.cursor;
    if (fresh) run.series = {};
    Object.assign(infos, update.info);
    const before = {};
    for (const [name, points] of Object.entries(update.points)) {
      const one = (run.series[name] ??= series());
      before[name] = one.x.length;
      take(one, points);
    }
    const news = Object.keys(before),
      changed = news.length > 0 || run.status !== update.status || run.step !== update.step;
    // A metric that was never seen comes without its title: ask for the whole run once more.
    const cursor = news.every(name => name in infos) ? update.cursor : '';
    Object.assign(run, {
      cursor,
      status: update.status,
      live: update.live,
      step: update.step,
      total: update.total,
    });
    if (news.length) run.heard = Date.now();
    runs.set(update.id, run);
    grown[update.id] = before;
    return {fresh, changed};
  }

  async function once() {
    if (!ids.length) return 60000;
    const mine = turn,
      asked = ids;
    const answer = await call(ask, {runs: asked.map(id => [id, runs.get(id)?.cursor ?? '']), names});
    if (mine !== turn) return 0;
    const grown = {},
      missing = [];
    let fresh = false,
      changed = false;
    for (const update of answer.runs) {
      if (update.missing) {
        missing.push(update.id);
        continue;
      }
      const seen = absorb(update, grown);
      fresh ||= seen.fresh;
      changed ||= seen.changed;
    }
    if (fresh || changed || missing.length) told({grown, fresh, missing});
    const here = asked.map(id => runs.get(id)).filter(Boolean);
    return here.some(run => run.live) ? 1000 : here.some(run => run.status === 'queued') ? 2000 : 10000;
  }

  const wake = poll(element, 1000, once);
  return {
    get: id => runs.get(id),
    // Title, unit and tooltip of a metric.
    info: name => infos[name] ?? {title: name, unit: '', about: name, from_zero: false},
    // Asking for other metrics starts their runs anew: a cursor counts for the metrics it was asked with.
    select(newIds, newNames = names) {
      if (JSON.stringify(newNames) !== JSON.stringify(names)) runs.clear();
      ids = newIds;
      names = newNames;
      turn++;
      wake();
    },
    wake,
  };
}

// Where a point of a run stands on the x axis. Tokens grow evenly between two reports; KL is known at
// probes only.
function place(run, axis) {
  if (axis === 'step') return step => step;
  const known = run?.series[axis === 'tokens' ? 'tokens' : 'probe/kl/seq'];
  if (!known) return () => null;
  if (axis === 'kl') {
    const at = new Map(known.x.map((step, i) => [step, known.y[i]]));
    return step => at.get(step) ?? null;
  }
  return step => {
    if (step === 0) return 0;
    const i = known.x.findIndex(x => x >= step);
    if (i < 0) return null;
    const [x0, y0] = i ? [known.x[i - 1], known.y[i - 1]] : [0, 0];
    return y0 + ((known.y[i] - y0) * (step - x0)) / (known.x[i] - x0);
  };
}

// Exponential moving average without the pull towards its first value; a hole stays a hole.
function smoother(weight) {
  let sum = 0,
    share = 0;
  return value => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return sum / share;
  };
}

// Whether two series are one as far as both go: the same places, and nowhere further apart than `tolerance`.
function coincide(a, b, tolerance) {
  const length = Math.min(a.x.length, b.x.length),
    apart = i => (a.y[i] === null) !== (b.y[i] === null) || Math.abs(a.y[i] - b.y[i]) > tolerance;
  for (let i = 0; i < length; i++) if (a.x[i] !== b.x[i] || apart(i)) return false;
  return length > 0;
}
// How many later lines lie on each one and would hide it.
const covered = (lines, tolerance) =>
  lines.map((line, i) => lines.slice(i + 1).filter(later => coincide(line, later, tolerance)).length);

export {store, place, smoother, covered};
