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
 * The version of the answer that the browser has.
 */
export interface HomeAsked {
  seen?: string;
}
/**
 * `state` is None where the browser has this version. `left` says in words how long each live run has to go.
 */
export interface HomeFacts {
  version: string;
  state: HomeState | null;
  now: number;
  left: {
    [k: string]: string;
  };
}
export interface HomeState {
  live: LiveRun[];
  queued: QueuedRun[];
  results: RunResult[];
  offer: TourOffer | null;
}
export interface LiveRun {
  run: RunCard;
  alarm: AlarmMark | null;
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
/**
 * `review`: the run whose rows must be looked at before this one begins.
 */
export interface QueuedRun {
  run: RunCard;
  review: string | null;
}
/**
 * How a run came out.
 *
 * Attributes:
 *     judged_by: "own", by held-out rows of its own data before all else, or "suite", by the held-out prompts.
 *     curve: (step, value) of what it is judged by, the gold score or the held-out loss.
 *     loss_change: newest held-out loss less the first; of a run judged by its own data only.
 *     verdict: whether the interval of the gain excludes zero; "" if nothing was measured.
 */
export interface RunResult {
  run: RunCard;
  judged_by: 'own' | 'suite';
  curve: [number, number][];
  outcome: Outcome | null;
  gain: Gain | null;
  loss_change: number | null;
  verdict: 'higher' | 'lower' | 'unclear' | '';
  alarm: AlarmMark | null;
}
/**
 * The one number that says how a run came out. `value` is None where it was not a number.
 */
export interface Outcome {
  kind: 'gold' | 'held_out' | 'accuracy' | 'rows';
  value: number | null;
}
/**
 * The tour is done: its models beside their base.
 */
export interface TourOffer {
  title: string;
  comparison: ComparisonLink;
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
 * A look at the machine. Sizes are bytes.
 */
export interface Machine {
  cpu_count: number;
  cpu_percent: number;
  memory_used: number;
  memory_total: number;
  gpus: string[];
  disk_free: number;
}
/**
 * What a server function is asked that takes no argument, and what one answers that only acts.
 */
export interface Nothing {}
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
 * How many runs each group has.
 */
export interface RunCounts {
  all: number;
  active: number;
  failed: number;
}
/**
 * `alarm` is the newest one's name; `left` says in words how long a live run has to go.
 */
export interface RunRow {
  run: RunCard;
  probe: ProbeResult;
  outcome: Outcome | null;
  alarm: string | null;
  left: string;
}
/**
 * A page of the table, and the runs on the chart.
 */
export interface RunsAsked {
  text?: string;
  group?: 'all' | 'active' | 'failed';
  order?: 'started' | 'run' | 'status' | 'steps' | 'probe' | 'kl' | 'time';
  upwards?: boolean;
  offset?: number;
  drawn?: string[];
}
/**
 * `drawn` are the runs on the chart, which may stand on another page of the table.
 */
export interface RunsPage {
  now: number;
  rows: RunRow[];
  total: number;
  size: number;
  counts: RunCounts;
  pipelines: number;
  drawn: RunCard[];
}
/**
 * A metric, and how many of the runs have reported it.
 */
export interface SharedMetric {
  name: string;
  runs: number;
  info: MetricInfo;
}
export interface SharedMetrics {
  metrics: SharedMetric[];
}
export interface SharedMetricsAsked {
  runs: string[];
}
/**
 * `launch_id` is made once per page, so a double click is one launch.
 */
export interface TourAsked {
  launch_id: string;
}
/**
 * The first run of the tour.
 */
export interface TourStarted {
  run: string;
}

/** Asked through `call`, which unwraps the answer. */
export type ServerFunction<A, R> = (asked: A) => Promise<R>;

/** Every server function; a part has those that Python serves it. */
export interface Server {
  curves: ServerFunction<CurvesAsked, CurvesFound>;
  home_facts: ServerFunction<HomeAsked, HomeFacts>;
  live_pill: ServerFunction<Nothing, LivePill>;
  run_action: ServerFunction<ActionAsked, Nothing>;
  runs_page: ServerFunction<RunsAsked, RunsPage>;
  shared_metrics: ServerFunction<SharedMetricsAsked, SharedMetrics>;
  start_tour: ServerFunction<TourAsked, TourStarted>;
  this_machine: ServerFunction<Nothing, Machine>;
}
