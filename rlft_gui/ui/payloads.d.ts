// Made by `make types` from the models in payloads.py. Do not edit.
export type RunStatus = 'queued' | 'starting' | 'running' | 'stopping' | 'succeeded' | 'stopped' | 'failed';

/**
 * A button of a run: `approve` lets rows that it made pass to the stage that waits for them.
 */
export interface ActionAsked {
  run: string;
  action: 'stop' | 'resume' | 'delete' | 'approve';
}
/**
 * An alarm as lists show it.
 */
export interface AlarmMark {
  name: string;
  step: number;
}
/**
 * What to ask of /compare, and how the link is called. `models` are ids joined by commas.
 */
export interface ComparisonLink {
  models: string;
  words: string;
}
/**
 * Runs with the cursor each was left at ("" from the start), and the metrics wanted (None: all).
 */
export interface CurvesAsked {
  runs: [string, string][];
  names?: string[] | null;
}
export interface CurvesFound {
  runs: (RunCurves | MissingRun)[];
}
/**
 * What is new in a run's curves: points as (step, value) by metric. `reset`: what came before is void.
 *
 * `info` tells what each metric is, in a run's first answer only.
 */
export interface RunCurves {
  id: string;
  cursor: string;
  reset: boolean;
  status: RunStatus;
  live: boolean;
  step: number;
  total: number | null;
  points: {
    [k: string]: [number, number | ('nan' | 'inf' | '-inf')][];
  };
  info: {
    [k: string]: MetricInfo;
  };
}
/**
 * A metric's title, unit and tooltip; `from_zero`: its axis begins at zero.
 */
export interface MetricInfo {
  title: string;
  unit: string;
  about: string;
  from_zero: boolean;
}
/**
 * A run that is gone, with the sentence that says so.
 */
export interface MissingRun {
  id: string;
  missing: string;
}
/**
 * The newest probe against the one at the run's own start, with a 95 % interval.
 */
export interface Gain {
  delta: number;
  low: number;
  high: number;
}
/**
 * How many runs are live and waiting; `run_id` and `percent` are of one that runs.
 */
export interface LivePill {
  running: number;
  queued: number;
  run_id: string | null;
  percent: number | null;
}
/**
 * What a server function is asked that takes no argument, and what one answers that only acts.
 */
export interface Nothing {}
/**
 * The one number that says how a run came out. `value` is None where it was not a number.
 */
export interface Outcome {
  kind: 'gold' | 'held_out' | 'accuracy' | 'rows';
  value: number | null;
}
/**
 * One title, one sentence of state, and links.
 */
export interface PageHead {
  title: string;
  text: string;
  links: PageLink[];
}
/**
 * `kind` is "primary" or "".
 */
export interface PageLink {
  words: string;
  href: string;
  kind: string;
}
/**
 * Means of one probe: gold score with the 95 % interval over prompts, and KL to the base in nats per answer.
 */
export interface ProbeResult {
  gold: number | null;
  low: number | null;
  high: number | null;
  kl: number | null;
}
/**
 * What every list and page shows about a run. Times are Unix seconds; the browser counts ages.
 *
 * Attributes:
 *     palette: key of the colour and shape of its method.
 *     percent: how far it is, while the number of steps is known.
 *     ran_seconds: over all attempts that ended; the live one began at `running_since`.
 */
export interface RunCard {
  id: string;
  pipeline: string;
  title: string;
  unreadable: string | null;
  stage: string;
  output: 'policy' | 'reward_model' | 'rows';
  palette: string;
  base: string;
  status: RunStatus;
  live: boolean;
  reason: string | null;
  phase: string | null;
  attempt: number;
  step: number;
  total_steps: number | null;
  percent: number | null;
  created_at: number;
  ran_seconds: number | null;
  running_since: number | null;
}

/** Asked through `call`, which unwraps the answer. */
export type ServerFunction<A, R> = (asked: A) => Promise<R>;

/** Every server function; a part has those that Python serves it. */
export interface Server {
  curves: ServerFunction<CurvesAsked, CurvesFound>;
  live_pill: ServerFunction<Nothing, LivePill>;
  run_action: ServerFunction<ActionAsked, Nothing>;
}
