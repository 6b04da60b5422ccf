// How long a run has run, and how fast it is, as seen on this page.

/** @typedef {import('../payloads').RunCard} RunCard */

/**
 * Seconds that a run has really run, over all its attempts; null before the first.
 * @param {Pick<RunCard, 'running_since' | 'ran_seconds'>} run
 * @param {number} now in the app's time, s since the epoch
 */
export function elapsed({running_since: since, ran_seconds: ran}, now) {
  return since == null ? ran : (ran ?? 0) + Math.max(0, now - since);
}

const WINDOW = 60; // s
const ENOUGH_STEPS = 20;
/** @type {Map<string, {step: number, at: number}[]>} */
const seen = new Map();

/**
 * From the steps of the last minute, as seen on this page; before that, from the whole of a first attempt
 * once loading weighs little in it. null while neither says anything.
 * @param {Pick<RunCard, 'id' | 'attempt' | 'step'> & {elapsed: number | null}} run
 * @param {number} [now] s
 */
export function secondsPerStep(run, now = Date.now() / 1000) {
  const key = `${run.id} ${run.attempt}`;
  const marks = seen.get(key) ?? [];
  seen.set(key, marks);
  if (marks.at(-1)?.step !== run.step) marks.push({step: run.step, at: now});
  while (marks.length > 2 && now - marks[1].at > WINDOW) marks.shift();
  const steps = run.step - marks[0].step;
  const time = now - marks[0].at;
  // The first mark may lie within a step, and step 0 waits for loading and the first probe.
  if (steps >= 3 && time > 4 && marks[0].step > 0) return time / steps;
  return run.attempt === 1 && run.step >= ENOUGH_STEPS && run.elapsed ? run.elapsed / run.step : null;
}
