// The runs of a chart as its lines.
import {clock} from '../../components/times.js';
import {runName, telling} from '../../components/titles.js';

/** @typedef {import('../../payloads').RunCard} RunCard */
/** @typedef {import('../../components/chart/curve.js').Line} Line */

/**
 * How often each is there.
 * @param {string[]} words
 * @returns {Record<string, number>}
 */
function tally(words) {
  /** @type {Record<string, number>} */
  const times = {};
  for (const word of words) times[word] = (times[word] ?? 0) + 1;
  return times;
}

/**
 * Runs that are called alike are told apart by when they were started, runs of one method by their dashes.
 * @param {RunCard[]} runs
 * @param {import('../../components/chart/store.js').CurveStore} store
 * @returns {Line[]}
 */
export function linesOf(runs, store) {
  const times = tally(runs.map(runName));
  const titles = telling(runs.map(run => run.title));
  return runs.map((run, i) => {
    const when = times[runName(run)] > 1 ? ` ${clock(new Date(run.created_at * 1000))}` : '';
    const tail = run.stage + when;
    return {
      id: run.id,
      run: store.get(run.id),
      name: `${run.title} · ${tail}`,
      title: titles[i],
      tail: titles[i] ? ` · ${tail}` : tail,
      palette: run.palette,
      nth: runs.slice(0, i).filter(before => before.palette === run.palette).length,
    };
  });
}
