// Made by `make types` from the models in payloads.py. Do not edit.
export type RaterKind = 'person' | 'judge' | 'simulated';
export type RunStatus = 'queued' | 'starting' | 'running' | 'stopping' | 'succeeded' | 'stopped' | 'failed';
/**
 * A verdict on a pair. BOTH_BAD counts as a tie between the two, and against both.
 */
export type Choice = 'a' | 'b' | 'tie' | 'both_bad';
/**
 * What rows hold. A message is {"role": "system" | "user" | "assistant", "content": str}.
 *
 * DEMONSTRATIONS  {"prompt": [message, …], "completion": [assistant message]}
 * PREFERENCES     {"prompt": [message, …], "chosen": [assistant message], "rejected": [assistant message]}
 * PROMPTS         {"prompt": [message, …]}
 * THUMBS          {"prompt": [message, …], "completion": [assistant message], "label": bool}
 * RATINGS         {"prompt": [message, …], "completion": [assistant message], "scores": {attribute: number}}
 * CANDIDATES      {"prompt": [message, …], "candidates": [[assistant message], …]}
 * TEXT            {"text": str}, a document that nobody asked for
 *
 * Further columns that a row may have: "answer" (str, what a verifier compares with), "source" (str, where a pair
 * comes from), "margin" (number ≥ 0, by how much chosen is better), "preference" (0.5 to 1, how sure it is that chosen
 * is better), and in rows that a stage made "made" ({title: text or number}, what is shown of how it came about).
 */
export type DataType =
  'demonstrations' | 'preferences' | 'prompts' | 'thumbs' | 'ratings' | 'candidates' | 'text';
export type GenerationStatus = 'waiting' | 'writing' | 'done' | 'failed';
/**
 * Which pairs come first.
 *
 * UNCERTAIN     those whose answers a reward model scores most alike
 * DISAGREEMENT  those where reward model and judge take different sides
 * UNSURE        those that judges are unsure of, and none that they are sure of
 */
export type PairOrder = 'random' | 'uncertain' | 'disagreement' | 'unsure';
/**
 * PAIR is about two answers, with how much better; all others are about one.
 *
 * LIKERT      one to five points for the answer as a whole
 * ATTRIBUTES  one to five points for each attribute of the set
 */
export type Question = 'pair' | 'likert' | 'attributes' | 'thumb' | 'critique' | 'edit';

/**
 * A button of a run: `approve` lets rows that it made pass to the stage that waits for them.
 */
export interface ActionAsked {
  run: string;
  action: 'stop' | 'resume' | 'delete' | 'approve';
}
/**
 * Answers to draw anew: of one pane, or of all; to one prompt, or to all.
 */
export interface AgainAsked {
  id: string;
  pane?: number | null;
  prompt_index?: number | null;
}
/**
 * How far raters of one kind agree on pairs that several judged.
 *
 * Attributes:
 *     alpha: Krippendorff's, with a tie half-way: 1 is perfect, 0 what chance gives; None where it is not defined.
 *     same: percent of meetings of two raters on one pair that ended alike.
 */
export interface Agreement {
  kind: RaterKind;
  alpha: number | null;
  same: number;
  pairs: number;
  raters: number;
}
/**
 * An alarm as lists show it.
 */
export interface AlarmMark {
  name: string;
  step: number;
}
/**
 * The answer of the lowest seed, and over all seeds the mean of the scores and their deviation.
 */
export interface AnswerCell {
  column: string;
  text: string;
  error: string | null;
  finish: string | null;
  words: number;
  seeds: number;
  score: number | null;
  spread: number;
  delta: number | null;
  others: string[];
}
export interface AnswerChoices {
  batches: AnswerSource[];
  probes: AnswerSource[];
  models: BatchModel[];
  reward_models: BatchModel[];
  suites: SuiteInfo[];
}
/**
 * A run whose answers can be shown: a batch with its models, or a run whose probe kept some.
 */
export interface AnswerSource {
  id: string;
  title: string;
  palette: string;
  columns: string[];
  titles: string[];
  status: string;
  created_at: number;
}
/**
 * A model that a batch may ask: "base" or RUN@step; or one that may score, as RUN.
 */
export interface BatchModel {
  key: string;
  title: string;
  palette: string;
  base: string;
}
/**
 * A suite in a list. `name` is what a batch is told: "lantern", or the id of a dataset that is marked held out.
 */
export interface SuiteInfo {
  name: string;
  title: string;
  prompts: number;
  origin: string;
}
/**
 * Who answers, and how often that beats the baseline; `model` is what Compare calls it.
 *
 * `steps` are those at which a run's probe kept answers, `step` the one shown; `source` the batch, "" for a probe.
 * `drawn` says how its answers were drawn; "" where that is not known any more.
 */
export interface AnswerColumn {
  key: string;
  title: string;
  sub: string;
  palette: string;
  model: string;
  source: string;
  drawn: string;
  step: number | null;
  steps: number[];
  answers: number;
  mean: number | null;
  wins: number;
  losses: number;
  ties: number;
}
/**
 * A prompt: the baseline's score, and the other's.
 */
export interface AnswerPoint {
  item: string;
  question: string;
  a: number;
  b: number;
}
export interface AnswerRow {
  item: string;
  kind: string;
  question: string;
  right: string;
  cells: AnswerCell[];
}
/**
 * What one answer gets.
 *
 * Attributes:
 *     reward: normalised, the mean over the attributes; None where it could not be scored.
 *     attributes: normalised, by attribute; empty where the reward model gives one number.
 *     raw: as the head gives them, by attribute, or as "reward".
 *     terms: of rules, gold and judges, under their term's name; a term that cannot score this answer is left out.
 *     note: how it was read, where that is not plain, e.g. cut.
 *     error: why there is no reward.
 */
export interface AnswerScore {
  reward: number | null;
  attributes: {
    [k: string]: number;
  };
  raw: {
    [k: string]: number;
  };
  place: Place | null;
  terms: {
    [k: string]: number;
  };
  note: string;
  error: string;
}
/**
 * The shares of known answers that get less, 0 to 1, those that get the same counted half; None where there are none.
 *
 * Answers of ratings have no side, and count in `known` alone.
 */
export interface Place {
  chosen: number | null;
  rejected: number | null;
  known: number | null;
}
/**
 * An answer and the turns before it; `right` is what rules compare with, `row` its number in a file.
 */
export interface AnswerToScore {
  prompt: ScoredTurn[];
  text: string;
  right: string | null;
  row: number | null;
}
/**
 * A turn of a prompt, as rows have them.
 */
export interface ScoredTurn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  tool_calls: CalledTool[] | null;
  tools:
    | {
        [k: string]: unknown;
      }[]
    | null;
}
export interface CalledTool {
  type: 'function';
  function: CalledFunction;
}
export interface CalledFunction {
  name: string;
  arguments: {
    [k: string]: unknown;
  };
}
/**
 * How often `column` beats `over`, ties being half a win, with its 95 % interval over prompts.
 */
export interface AnswerWins {
  column: string;
  over: string;
  rate: number;
  low: number;
  high: number;
  prompts: number;
}
/**
 * How the table is looked at. Without columns those of `batch` are shown, or of the newest batch.
 */
export interface AnswersAsked {
  columns?: string[];
  batch?: string;
  baseline?: string;
  other?: string;
  score?: string;
  order?: 'suite' | 'win' | 'loss' | 'different' | 'longest' | 'unstable';
  kind?: string;
  text?: string;
  result?: '' | 'win' | 'loss' | 'tie';
  offset?: number;
}
export interface AnswersOverview {
  points: AnswerPoint[];
  wins: AnswerWins[];
}
export interface AnswersOverviewAsked {
  columns: string[];
  baseline: string;
  other: string;
  score: string;
}
/**
 * A page of rows; `baseline`, `other` and `score` are those that count, where what was asked for is not there.
 *
 * `batch` is the one whose columns these are, "" where they were chosen. `sources` are the batches whose answers stand here;
 * `apart` names in what ways columns were drawn differently. `total` counts rows that fit, `all` those there are.
 */
export interface AnswersPage {
  batch: string;
  columns: AnswerColumn[];
  baseline: string;
  other: string;
  score: string;
  scores: string[];
  kinds: {
    [k: string]: number;
  };
  rows: AnswerRow[];
  total: number;
  all: number;
  size: number;
  sources: RunCard[];
  apart: string[];
  failed: number;
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
  output: 'policy' | 'reward_model' | 'rows' | 'answers';
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
 * What will be learnt, and what is unusual about it.
 *
 * Attributes:
 *     notes: sentences on the template.
 *     refused: why rows could not be written → how many of those looked at.
 *     past_template: why answers are put behind their prompts instead of being taken from the template.
 *     conversations: the first rows as text with every special token.
 *     rows: how many were looked at.
 */
export interface Audit {
  notes: string[];
  refused: {
    [k: string]: number;
  };
  past_template: string[];
  conversations: Conversation[];
  rows: number;
}
/**
 * A prompt with one of its answers as the model reads it; `answer` is its column, `cut` how many tokens are lost.
 */
export interface Conversation {
  answer: string;
  pieces: TokenPiece[];
  cut: number;
}
/**
 * Tokens next to each other that are alike: learnt or only read, words or marks, kept or cut at the limit.
 */
export interface TokenPiece {
  text: string;
  is_learnt: boolean;
  is_special: boolean;
  is_cut: boolean;
}
/**
 * The base whose chat template is to be tried, and the datasets whose rows to try it on.
 */
export interface AuditAsked {
  base: string;
  data: AuditedData[];
}
/**
 * A dataset, and the longest row that its stage keeps, in tokens.
 */
export interface AuditedData {
  dataset: string;
  longest: number;
}
export interface BallotSkipped {
  ballot: string;
  rater: string;
}
/**
 * Answer `a` stands left, or alone.
 */
export interface BallotView {
  id: string;
  turns: ShownTurn[];
  a: string;
  b: string | null;
}
export interface ShownTurn {
  role: string;
  text: string;
}
export interface BallotViews {
  ballots: BallotView[];
}
/**
 * `n`: how many there should be in all, those that the rater has and did not judge among them.
 */
export interface BallotsAsked {
  votes: string;
  rater: string;
  n?: number;
}
/**
 * One picture of the rows: how many fall into each class, in order.
 */
export interface Bars {
  title: string;
  unit: string;
  bars: [string, number][];
}
export interface BatchAgain {
  models: string[];
  suite: string;
  typed: {
    [k: string]: unknown;
  };
  rewards: string;
  reward_model: string;
}
export interface BatchAgainAsked {
  run: string;
}
/**
 * `typed` holds settings as they stand in the form; `rewards` is a term a line; a reward model scores beside them. The same `launch` is one
 * batch.
 */
export interface BatchAsked {
  models: string[];
  suite: string;
  typed?: {
    [k: string]: unknown;
  };
  rewards?: string;
  reward_model?: string;
  launch: string;
}
/**
 * The batch's run, or a sentence for each field that stands in its way.
 */
export interface BatchStarted {
  run: string;
  problems: {
    [k: string]: string;
  };
}
/**
 * Of the data of one stage, named as in the pipeline.
 */
export interface BoxTitle {
  stage: string;
  title: string;
  sub: string;
}
/**
 * One setting that is not as proposed, in words; `source` is "preset lantern-dpo" or "the default".
 */
export interface ChangedSetting {
  stage: string;
  title: string;
  value: string;
  proposed: string;
  source: string;
}
/**
 * Which curves stand large and which small beside them; all others wait in panels.
 *
 * A name that ends with * stands for all that begin so.
 *
 * Attributes:
 *     top: large ones, one from each of these lists: the first that the run reports, else the last of the list.
 *     beside: small ones, as many as there is room for.
 *     comes: how the large ones are announced before there are points.
 */
export interface ChartPlan {
  top: string[][];
  beside: string[];
  comes: string;
}
/**
 * What the checks found; `looked_at` is below the number of rows where evenly spaced ones stand for all.
 */
export interface Checked {
  findings: Finding[];
  bars: Bars[];
  looked_at: number;
}
/**
 * Something that may be wrong with rows that can be used: what, in how many rows, what to do, and some of them.
 *
 * `way` names the conversion that mends it, if one does.
 */
export interface Finding {
  what: string;
  rows: number;
  fix: string;
  shown: FoundRow[];
  way: string;
}
/**
 * A row that a finding names, by its number in the file, and what was found there.
 */
export interface FoundRow {
  row: number;
  text: string;
}
export interface CheckpointMark {
  step: number;
  bytes: number;
}
/**
 * `offers`: value and words of each.
 */
export interface ChoiceField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'choice';
  value: string | number | boolean | null;
  offers: [string | number | boolean | null, string][];
}
export interface ChosenMethod {
  title: string;
  palette: string;
}
/**
 * A column of a file, or what lies in one, and the first value there.
 */
export interface ColumnChoice {
  path: string;
  sample: string;
}
/**
 * Target → column of a kept file, for a stage that learns from rows of these types.
 */
export interface ColumnsAsked {
  upload: string;
  mapping: {
    [k: string]: string;
  };
  encoding?: string;
  types?: DataType[];
}
/**
 * `refused` says why rows cannot be used so; "" where they can.
 */
export interface ColumnsTried {
  refused: string;
  rows: TriedRows | null;
}
/**
 * The first rows of a file under columns that were named; `is_wanted`: the stage learns from such rows.
 */
export interface TriedRows {
  rows: number;
  rows_read: number;
  dropped: number;
  reasons: {
    [k: string]: number;
  };
  problems: RowProblem[];
  changes: {
    [k: string]: number;
  };
  not_read: string[];
  notes: string[];
  examples: ExampleRow[];
  type: string;
  is_wanted: boolean;
}
/**
 * Why one row was dropped, and what to do about it; `row` counts from 1 as in the file.
 */
export interface RowProblem {
  row: number;
  message: string;
  fix: string;
}
/**
 * A row as it is learnt from; what it does not have is None.
 */
export interface ExampleRow {
  prompt: Message[] | null;
  completion: Message[] | null;
  chosen: Message[] | null;
  rejected: Message[] | null;
  candidates: Message[][] | null;
  label: boolean | null;
  scores: {
    [k: string]: number;
  } | null;
  text: string | null;
}
export interface Message {
  role: string;
  content: string;
}
/**
 * A reward model that trains, or waits for its turn, and has no checkpoint yet.
 */
export interface ComingModel {
  id: string;
  title: string;
  is_training: boolean;
}
/**
 * A run that can be compared. `step` is of its last complete checkpoint, one of `steps`; `title` names its stage too.
 */
export interface ComparableRun {
  id: string;
  title: string;
  palette: string;
  base: string;
  pipeline: string;
  step: number;
  steps: number[];
}
/**
 * Runs, newest first; the titles of bases, those of runs first; prompts for the models that were asked about.
 */
export interface CompareChoices {
  runs: ComparableRun[];
  bases: {
    [k: string]: string;
  };
  offer: PromptOffer;
}
/**
 * `source`: "suite", Lantern's; "held out" or "training", of a run's own data; "none" where nothing fits.
 */
export interface PromptOffer {
  source: 'suite' | 'held out' | 'training' | 'none';
  prompts: OfferedPrompt[];
}
/**
 * `id`: of the suite's item; empty for a prompt of somebody's own data.
 */
export interface OfferedPrompt {
  id: string;
  kind: string;
  prompt: string;
  note: string;
}
/**
 * What the page knows before it asks. Where prompts are not `typed` they are chosen from the list alone.
 */
export interface CompareForm {
  sampling: SamplingField[];
  most_prompts: number;
  typed: boolean;
}
/**
 * A setting of how answers are drawn, as the form shows it; `more` stands behind "More settings".
 */
export interface SamplingField {
  name: string;
  title: string;
  about: string;
  default: number | string;
  kind: 'number' | 'text';
  more: boolean;
}
/**
 * A stored comparison; `version` grows with every change, so that a screen can ask for what is new.
 *
 * `panes` stand in the order shown: a generation's `pane` counts in them. `status` is FAILED as soon as it has ended and any
 * answer failed. With `chat`, the prompts are turns of one conversation, in which each pane remembers its own answers.
 * `draws` seeds were asked of every pane at first, from the seed of `sampling` on.
 */
export interface Comparison {
  id: string;
  base: string;
  panes: Pane[];
  prompts: string[];
  item_ids: (string | null)[];
  sampling: Sampling;
  generations: Generation[];
  status: GenerationStatus;
  version: number;
  created_at: number;
  device: string;
  note: string | null;
  owner: string;
  system: string;
  chat: boolean;
  draws: number;
  deleted_at: number | null;
}
/**
 * Who answers: a model as asked for, what it is called, and the key of its colour and shape.
 */
export interface Pane {
  model: string;
  title: string;
  palette: string;
}
/**
 * How completions are drawn. Temperature 0 means greedy. The seed fixes each row on its own.
 */
export interface Sampling {
  /**
   * 0 always takes the likeliest token; 1 samples as trained.
   */
  temperature: number;
  /**
   * Sample only from the likeliest tokens that together hold this share.
   */
  top_p: number;
  /**
   * Tokens after which an answer is cut.
   */
  max_new_tokens: number;
  /**
   * The same seed gives the same answer, alone or among others.
   */
  seed: number;
}
/**
 * One pane's answer to one prompt with one seed, as it stands now.
 *
 * `checkpoint` is the id of what really wrote it, read from the loaded weights' own folder: "base" or "RUN@step"; of an
 * endpoint, the model that its server says has answered. `draw` counts a pane's answers to one prompt: those of the first
 * asking, then those that were drawn again.
 */
export interface Generation {
  pane: number;
  prompt_index: number;
  draw: number;
  seed: number;
  checkpoint: string | null;
  text: string;
  tokens: number;
  seconds: number;
  finish: string | null;
  status: GenerationStatus;
  error: string | null;
  scores: {
    [k: string]: number;
  };
}
/**
 * What the form holds. The sampling values are as typed: they are judged with a sentence each.
 *
 * `film_of`: a run, all of whose checkpoints are asked in place of `models`.
 */
export interface ComparisonAsked {
  models?: string[];
  film_of?: string | null;
  prompts: string[];
  sampling?: {
    [k: string]: string | number | null;
  };
}
/**
 * What to ask of /compare, and how the link is called. `models` are ids joined by commas.
 */
export interface ComparisonLink {
  models: string;
  words: string;
}
export interface ComparisonNamed {
  id: string;
}
/**
 * `view` is None while nothing has changed since the version that the page has.
 */
export interface ComparisonProgress {
  view: ComparisonView | null;
}
/**
 * A comparison as it stands now.
 *
 * Attributes:
 *     criteria: by prompt, what its answers are scored for; empty where it was typed.
 *     runs: by model, the run that it is of; None for a base or an endpoint, and for a run that is gone.
 *     scorers: by run, the titles of reward models whose scores its answers have.
 */
export interface ComparisonView {
  comparison: Comparison;
  criteria: string[][];
  runs: {
    [k: string]: ComparableRun | null;
  };
  film: FilmFacts | null;
  scorers: {
    [k: string]: string;
  };
}
/**
 * A comparison whose panes are checkpoints of one run, so that they show how an answer changed.
 *
 * Attributes:
 *     steps: by pane; None for what the run began with.
 *     reward: the run's metric that says how well it did; None if it reported none.
 *     kl: the run's metric that says how far it moved.
 */
export interface FilmFacts {
  run: string;
  steps: (number | null)[];
  reward: string | null;
  kl: string | null;
}
/**
 * What is to score all answers: the reward model of a run, rules, a judge, or several of them.
 */
export interface ComparisonScoreAsked {
  id: string;
  run?: string;
  terms?: string[];
  judge?: JudgeWanted | null;
}
/**
 * A judge as stages name one, the shipped rubric that it goes by, and the address of an endpoint's server.
 */
export interface JudgeWanted {
  judge: string;
  rubric: string;
  url: string;
}
/**
 * What was started, or by field a sentence on what stands in its way; then nothing was stored.
 */
export interface ComparisonStarted {
  view: ComparisonView | null;
  problems: {
    [k: string]: string;
  };
}
export interface ContinuedRun {
  title: string;
  step: number;
  palette: string;
  address: string;
}
/**
 * Of a dataset, or of a kept file, which is stored first.
 */
export interface ConversionAsked {
  way: string;
  dataset?: string;
  upload?: string;
}
/**
 * How rows of another type become what the stage learns from.
 */
export interface ConversionWay {
  name: string;
  title: string;
  about: string;
}
/**
 * Attributes:
 * same: percent of verdicts of people that the judge shares, with its interval; None where they never met.
 * ties: verdicts of people beside those that name no winner.
 */
export interface CriterionAgreement {
  criterion: string;
  same: Rate | null;
  ties: number;
}
/**
 * A share in percent.
 *
 * Attributes:
 *     se: standard error, votes on one prompt taken together; None with one prompt, or where all say the same.
 *     low, high: 95 % interval.
 *     n: votes; `prompts` on how many prompts.
 */
export interface Rate {
  rate: number;
  se: number | null;
  low: number;
  high: number;
  n: number;
  prompts: number;
}
/**
 * Points of a model for one attribute: the mean with its interval, of `scale`. "good" is the share of thumbs up.
 *
 * `low` and `high` are None where all prompts got the same.
 */
export interface CriterionMean {
  criterion: string;
  model: string;
  mean: number;
  low: number | null;
  high: number | null;
  scale: number;
  n: number;
}
/**
 * Points of one metric, in columns.
 */
export interface CurvePoints {
  steps: number[];
  values: (number | ('nan' | 'inf' | '-inf'))[];
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
 * What is new in a run's curves, by metric. `reset`: what came before is void.
 *
 * `strides`, where they changed, say that of each series only every so many points count, from its first on. `info` tells
 * what each metric is, in a run's first answer only.
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
    [k: string]: CurvePoints;
  };
  strides: {
    [k: string]: number;
  };
  info: {
    [k: string]: MetricInfo;
  };
}
/**
 * A metric's title, unit and tooltip.
 *
 * Attributes:
 *     from_zero: its axis begins at zero.
 *     panel: title of the panel it stands in.
 *     place: charts stand in this order, and so do their panels.
 */
export interface MetricInfo {
  title: string;
  unit: string;
  about: string;
  from_zero: boolean;
  panel: string;
  place: number;
}
/**
 * A run that is gone, with the sentence that says so.
 */
export interface MissingRun {
  id: string;
  missing: string;
}
/**
 * What a place's part says while something is being added there: the name of it.
 */
export interface DataOnItsWay {
  on_its_way: string;
}
/**
 * What the chosen dataset holds, or why it cannot be used; above it a file that was refused.
 *
 * Attributes:
 *     id: of the chosen dataset.
 *     ways: how the chosen dataset, which is of another type, becomes what the stage learns from.
 *     columns: of the file that was just added, which may be named otherwise.
 *     types: that the stage learns from.
 */
export interface DataPreview {
  id: string;
  refused: RefusedFile | null;
  problem: string | null;
  ways: ConversionWay[];
  dataset: ShownDataset | null;
  columns: FileColumns | null;
  types: DataType[];
}
/**
 * A file that was not stored, why, what is used without it, and what may be made of it as it is kept.
 */
export interface RefusedFile {
  file: string;
  problem: string;
  used: string;
  upload: string;
  ways: ConversionWay[];
}
/**
 * `lacks` says what the settings need of the rows and do not find; `address` leads to all its rows.
 */
export interface ShownDataset {
  rows: number;
  rows_read: number;
  dropped: number;
  reasons: {
    [k: string]: number;
  };
  problems: RowProblem[];
  changes: {
    [k: string]: number;
  };
  not_read: string[];
  notes: string[];
  examples: ExampleRow[];
  name: string;
  format: string;
  checks: Checked;
  lacks: string | null;
  lengths: LengthReport | null;
  address: string;
}
/**
 * How the rows of a dataset fit into a limit, in tokens of one model. An estimate: see data/lengths.py.
 *
 * `measured` is below `total` where a large dataset was judged by evenly spaced rows; `over` and `dropped` are then
 * scaled up to the whole.
 */
export interface LengthReport {
  max_length: number;
  longest: number;
  median: number;
  over: number;
  dropped: number;
  total: number;
  measured: number;
  split: number;
}
/**
 * A kept file whose columns a person may name.
 *
 * Attributes:
 *     encodings: (words, name) of what its text may be written in; `encoding` is what was said, "" to find out.
 */
export interface FileColumns {
  upload: string;
  file: string;
  columns: ColumnChoice[];
  kinds: RowKind[];
  encodings: [string, string][];
  encoding: string;
}
/**
 * A type of data that the stage learns from, and what its rows have.
 */
export interface RowKind {
  type: DataType;
  title: string;
  about: string;
  wanted: WantedColumn[];
}
/**
 * What a column may be taken for, and the column that suggests itself, "" for none.
 */
export interface WantedColumn {
  name: string;
  title: string;
  about: string;
  needed: boolean;
  column: string;
}
export interface DatasetAsked {
  id: string;
}
/**
 * All that is known of one dataset.
 *
 * Attributes:
 *     called: its name, and which one of several of that name it is.
 *     mapping: target and column, where a person named columns; `encoding` likewise.
 *     is_own: it was added, so people may name, mark and delete it.
 *     held_out: marked as held-out prompts: nothing is trained on it.
 *     asks: it has prompts, so it may be marked.
 *     ways: what other rows can be made of it.
 */
export interface DatasetFacts {
  rows: number;
  rows_read: number;
  dropped: number;
  reasons: {
    [k: string]: number;
  };
  problems: RowProblem[];
  changes: {
    [k: string]: number;
  };
  not_read: string[];
  notes: string[];
  examples: ExampleRow[];
  id: string;
  name: string;
  called: string;
  type: string;
  format: string;
  licence: string;
  origin: string;
  sha256: string;
  bytes: number;
  created_at: number;
  mapping: [string, string][];
  encoding: string;
  is_own: boolean;
  held_out: boolean;
  asks: boolean;
  checks: Checked;
  used_by: UsingRun[];
  votes: VotesShown | null;
  ways: ConversionWay[];
}
export interface UsingRun {
  title: string;
  address: string;
}
/**
 * The set of votes that a dataset was made of; `counted` went in, `newer` were cast or taken back since.
 */
export interface VotesShown {
  name: string;
  counted: number;
  newer: number;
}
export interface DatasetList {
  datasets: DatasetRow[];
  now: number;
}
/**
 * `made`: "built in", "added", "made of votes", or "made by a run"; `used`: how many runs learn from it or are judged by it;
 * `held_out`: marked as held-out prompts.
 */
export interface DatasetRow {
  id: string;
  name: string;
  type: string;
  rows: number;
  made: string;
  licence: string;
  used: number;
  held_out: boolean;
  created_at: number;
}
export interface DatasetRows {
  rows: NumberedExample[];
  found: number;
  size: number;
}
/**
 * `number` is the row's in the file that it came from.
 */
export interface NumberedExample {
  number: number;
  row: ExampleRow;
}
/**
 * Rows from a place on, of those that hold the words.
 */
export interface DatasetRowsAsked {
  id: string;
  start?: number;
  search?: string;
}
export interface Described {
  id: string;
  name: string;
  licence?: string;
  origin?: string;
}
export interface Devices {
  machine: Machine;
  gpus: Gpu[];
  held: Holder[];
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
 * A look at one. Sizes are bytes; `percent` None where the driver does not say.
 */
export interface Gpu {
  index: number;
  name: string;
  memory_used: number;
  memory_total: number;
  percent: number | null;
  held: {
    [k: string]: number;
  };
}
/**
 * A run that is being trained, and the bytes that its processes hold: memory, and of each GPU by its number.
 */
export interface Holder {
  run: string;
  title: string;
  stage: string;
  memory: number;
  gpus: {
    [k: string]: number;
  };
}
/**
 * The name of a shipped text, or one's own written out.
 */
export interface DocumentField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'rubric' | 'constitution';
  value: string;
  offers: DocumentOffer[];
}
/**
 * A shipped text.
 */
export interface DocumentOffer {
  name: string;
  title: string;
  about: string;
  text: string;
}
/**
 * The answers, step by step. `launch_id` is made once, so that launching twice is launching once.
 */
export interface Draft {
  launch_id: string;
  title: string;
  about: string;
  seed: unknown;
  start: 'lantern' | 'folder' | 'hub' | 'run';
  folder: string;
  hub: string;
  run: string;
  method: string;
  options: {
    [k: string]: unknown;
  };
  skip: string[];
  review: boolean;
  data: {
    [k: string]: string;
  };
  settings: {
    [k: string]: {
      [k: string]: unknown;
    };
  };
}
/**
 * `more_prompts`: how many there are beside the first, which `prompt` is.
 */
export interface EarlierComparison {
  id: string;
  prompt: string;
  more_prompts: number;
  panes: Pane[];
  sampling: Sampling;
  created_at: number;
}
/**
 * Newest first.
 */
export interface EarlierComparisons {
  comparisons: EarlierComparison[];
}
/**
 * Texts to rewrite by column, or whether to drop the row.
 */
export interface EditAsked {
  run: string;
  number: number;
  columns?: {
    [k: string]: string;
  };
  drop?: boolean | null;
}
/**
 * A pipeline as JSON; `measures`: with this machine's speed, where nothing else tells how long it takes.
 */
export interface EstimateAsked {
  spec: string;
  measures: boolean;
}
export interface EstimateShown {
  found: PipelineEstimate;
}
/**
 * `unknown` says why there are no stages; `is_measurable`: how fast this machine is would tell times that are not known.
 */
export interface PipelineEstimate {
  device: string;
  total: number;
  free: number;
  stages: StageEstimate[];
  unknown: string;
  is_measurable: boolean;
}
/**
 * Bytes at the peak, by part; `ways` only where it does not fit with ease.
 */
export interface StageEstimate {
  stage: string;
  title: string;
  round: number;
  bytes: number;
  parts: {
    [k: string]: number;
  };
  verdict: 'fits' | 'tight' | 'will not fit';
  ways: Way[];
  time: StageTime | null;
}
/**
 * A change of settings that needs less, what it costs, and what it would come to.
 */
export interface Way {
  words: string;
  costs: string;
  settings: {
    [k: string]: unknown;
  };
  bytes: number;
  verdict: 'fits' | 'tight' | 'will not fit';
}
/**
 * Seconds at least and at most, and what they are worked out from.
 */
export interface StageTime {
  low: number;
  high: number;
  source: 'earlier runs' | 'this machine';
}
export interface ExportAsked {
  id: string;
  format: 'jsonl' | 'csv' | 'md';
}
/**
 * A file to keep.
 */
export interface Exported {
  name: string;
  text: string;
}
/**
 * What a stage tells of a row or of one of its texts, in a number or a few words.
 */
export interface Figure {
  name: string;
  value: number | string;
}
/**
 * The answers in a file, in its order, and what is to be said of it; or why it cannot be used.
 */
export interface FileAnswers {
  answers: AnswerToScore[];
  notes: string[];
  problem: string;
}
/**
 * A file as the browser has it: `content` is its bytes in base64.
 */
export interface FileToRead {
  name: string;
  content: string;
}
/**
 * The next prompt of a conversation in all panes.
 */
export interface FollowAsked {
  id: string;
  prompt: string;
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
 * `page` is None where the browser has this version.
 */
export interface GeneratedRows {
  version: string;
  page: RowsShown | null;
}
/**
 * `left_out` counts prompts that gave no row, by reason.
 */
export interface RowsShown {
  rows: RowView[];
  counts: RowCounts;
  left_out: {
    [k: string]: number;
  };
  size: number;
}
/**
 * A row that a run made, with what came before it.
 */
export interface RowView {
  number: number;
  prompt: string;
  texts: RowText[];
  notes: Figure[];
  edited: boolean;
  dropped: boolean;
}
/**
 * One of the texts of a row.
 *
 * Attributes:
 *     figures: about this text.
 *     column: by which it can be rewritten; None if it cannot.
 *     against: place of the text that its words are compared with.
 */
export interface RowText {
  title: string;
  text: string;
  figures: Figure[];
  column: string | null;
  against: number | null;
}
export interface RowCounts {
  all: number;
  edited: number;
  dropped: number;
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
  votes: WaitingVotes[];
}
export interface LiveRun {
  run: RunCard;
  alarm: AlarmMark | null;
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
 *     measured_by: "own", by held-out rows of its own data before all else, or "suite", by the held-out prompts.
 *     curve: (step, value) of what it is judged by, the gold score or the held-out loss.
 *     loss_change: newest held-out loss less the first; of a run judged by its own data only.
 *     verdict: whether the interval of the gain excludes zero; "" if nothing was measured.
 */
export interface RunResult {
  run: RunCard;
  measured_by: 'suite' | 'own';
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
 * A set of votes, and how many questions of it nobody has answered.
 */
export interface WaitingVotes {
  name: string;
  waiting: number;
}
/**
 * What a judge does in a set, or did when it was last asked.
 *
 * Attributes:
 *     done: pairs that it is through with, of `of` that it was asked about.
 *     before: pairs that it had judged earlier.
 *     left_out: once it has ended: reason → pairs that it could not judge.
 *     problem: why it failed.
 *     waits_for: the set in which another judge is at work first, for one works at a time; "" once it has its turn.
 */
export interface JudgeAtWork {
  judge: string;
  state: 'judging' | 'done' | 'stopped' | 'failed';
  done: number;
  of: number;
  before: number;
  left_out: {
    [k: string]: number;
  };
  problem: string;
  waits_for: string;
}
/**
 * One judge in a set.
 *
 * Attributes:
 *     pairs: that it judged.
 *     consistent: share of them with the same winner in both orders; None where no vote tells.
 *     first: mean share of whichever answer it was shown first; 0.5 is fair.
 */
export interface JudgeFacts {
  name: string;
  pairs: number;
  consistent: number | null;
  first: number | null;
  agreement: CriterionAgreement[];
}
/**
 * `offers`: what a name begins with, words, and whether the rest is typed.
 */
export interface JudgeField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'judge';
  value: string;
  offers: [string, string, boolean][];
}
export interface JudgesAsked {
  votes: string;
}
/**
 * What judges said of a set.
 *
 * Attributes:
 *     mix: people where judges are unsure, judges elsewhere.
 *     asked: which pairs people are asked about; None where they are asked about single answers.
 */
export interface JudgesStanding {
  judges: JudgeFacts[];
  mix: Mix;
  asked: ('all' | 'unsure') | null;
}
/**
 * Pairs that people or judges have judged.
 *
 * Attributes:
 *     people: decided by people.
 *     judges: decided by judges that are sure.
 *     open: judges are unsure, and nobody was asked yet.
 */
export interface Mix {
  pairs: number;
  people: number;
  judges: number;
  open: number;
}
/**
 * `judge` as stages name one; `url` is the address of an endpoint's server; `most`: how many pairs at most, None for
 * all.
 */
export interface JudgingAsked {
  votes: string;
  judge: string;
  url?: string;
  most?: number | null;
}
/**
 * Who can be asked, and about how many pairs.
 */
export interface JudgingForm {
  judge: JudgeField;
  pairs: number;
}
/**
 * By what a stage tells good from bad.
 */
export interface JudgingSetting {
  stage: string;
  title: string;
  value: string;
}
/**
 * `work` is None where no judge was asked for since the app began.
 */
export interface JudgingTold {
  work: JudgeAtWork | null;
}
/**
 * A model against its baseline on prompts of one kind.
 */
export interface KindRate {
  kind: string;
  model: string;
  win: Rate;
}
/**
 * A reward model, RUN or RUN@step.
 */
export interface KnownAsked {
  model: string;
}
/**
 * What is known of a base before anything is launched.
 */
export interface KnownModel {
  title: string;
  parameters: number | null;
  context: number | null;
  architecture: string;
  note: string;
  run: ContinuedRun | null;
}
/**
 * Normalised rewards of known answers by side, ascending; empty where they are lost.
 */
export interface KnownView {
  by_side: {
    [k: string]: number[];
  };
  is_held_out: boolean;
}
/**
 * A vote that was cast, with names.
 *
 * Attributes:
 *     outcome: of a pair "better", "tie" or "both_bad"; else what was asked.
 *     chosen, other: the better answer and the other one; of a tie, as they lie in the pool.
 *     check: of a pair that checks its rater, whether it was right.
 *     repeat: of one that repeats, whether it said the same.
 */
export interface LastVote {
  outcome: 'better' | 'tie' | 'both_bad' | 'rating' | 'thumb' | 'critique' | 'edit';
  chosen: VotedAnswer;
  other: VotedAnswer | null;
  strength: number | null;
  points: {
    [k: string]: number;
  };
  is_good: boolean | null;
  scores: ScoreBeside[];
  check: boolean | null;
  repeat: boolean | null;
  is_too_fast: boolean;
  seconds: number | null;
}
/**
 * Who wrote an answer.
 */
export interface VotedAnswer {
  title: string;
  palette: string;
  model: string;
}
/**
 * A score of both answers; `agrees` is None where the vote or the score sees no difference.
 */
export interface ScoreBeside {
  name: string;
  chosen: number;
  other: number;
  agrees: boolean | null;
}
/**
 * Nodes in an order in which sources come first; `left_out` counts older runs that take from this one too.
 */
export interface LineageGraph {
  nodes: LineageNode[];
  links: LineageLink[];
  left_out: number;
  votes: LineageVotes[];
}
/**
 * A run as a box of the graph.
 *
 * Attributes:
 *     round: of a stage that its pipeline runs once a round, from 1.
 *     seconds: that it ran, once it has ended.
 *     here: it is the run of this page.
 *     mine: it is of the pipeline of this page's run.
 */
export interface LineageNode {
  id: string;
  title: string;
  stage: string;
  palette: string;
  status: RunStatus;
  live: boolean;
  percent: number | null;
  round: number | null;
  seconds: number | null;
  outcome: Outcome | null;
  here: boolean;
  mine: boolean;
}
/**
 * `taker` takes something from `source`, a run or, if None, the base; `role` says what.
 */
export interface LineageLink {
  source: string | null;
  role: string;
  taker: string;
}
/**
 * Votes that a run of this page's pipeline learns from.
 *
 * Attributes:
 *     name: of the set; `counted` votes went in.
 *     newer: votes that were cast or taken back since.
 */
export interface LineageVotes {
  stage: string;
  name: string;
  counted: number;
  newer: number;
}
/**
 * `newest`: the dataset that was just added, so the list is asked for again.
 */
export interface Listed {
  newest: string;
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
 * `seen`: lines there were.
 */
export interface LogAsked {
  run: string;
  seen?: number;
}
/**
 * Kept as held-out prompts from now on, or not any more.
 */
export interface Marked {
  id: string;
  held_out: boolean;
}
/**
 * `kept_out`: sentences on rows that are not trained on, for their prompts are held out; `unjudged`: why nothing would say
 * whether answers are right, "" where something does.
 */
export interface MeasureStep {
  draft: Draft;
  groups: SettingsGroup[];
  problems: {
    [k: string]: {
      [k: string]: string;
    };
  };
  reshaping: string[];
  kept_out: string[];
  unjudged: string;
}
/**
 * The settings of a stage; `matters`: for each the others that it depends on, with the word that must stand there.
 */
export interface SettingsGroup {
  name: string;
  title: string;
  sub: string;
  fields: (
    | NumberField
    | TextField
    | ChoiceField
    | SwitchField
    | RewardsField
    | JudgeField
    | RewardModelField
    | DocumentField
  )[];
  matters: {
    [k: string]: [string, string][];
  };
}
/**
 * A value that is no number stays as it was typed, to be refused.
 */
export interface NumberField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'number' | 'whole number';
  value: number | string;
}
export interface TextField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'text';
  value: string;
}
export interface SwitchField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'switch';
  value: boolean;
}
/**
 * Terms with their weights, one a line; or one term without a weight, or none.
 */
export interface RewardsField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'rewards' | 'reward';
  value: string;
  offers: TermKind[];
}
/**
 * A kind of term as a form offers it.
 *
 * Attributes:
 *     written: how it is written, with words in capitals to be replaced.
 *     parts: what follows its colon.
 *     between: what stands between two parts.
 *     example: what follows the colon where a form begins.
 */
export interface TermKind {
  kind:
    | 'reward_model'
    | 'judge'
    | 'gold'
    | 'number'
    | 'exact'
    | 'json'
    | 'regex'
    | 'length'
    | 'format'
    | 'keywords'
    | 'random';
  title: string;
  about: string;
  written: string;
  parts: TermPart[];
  between: string;
  example: string;
}
/**
 * One thing to say about a term, as a form asks for it.
 *
 * Attributes:
 *     mark: what stands before it in the text, e.g. "good="; a part with a mark is left out where it is empty.
 *     choices: all that it may be, where it is not free.
 */
export interface TermPart {
  title: string;
  mark: string;
  choices: string[];
}
/**
 * `offers`: run and words of each.
 */
export interface RewardModelField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
  kind: 'reward_model';
  value: string;
  offers: [string, string][];
}
export interface MethodCard {
  name: string;
  title: string;
  palette: string;
  learns_from: string;
  needs: string;
  costs: string;
  tag: string;
  you_have: string;
  warm_ups: string[];
}
/**
 * What the part holds: the method with its options, what is left out, and whether a run is continued.
 */
export interface MethodChoice {
  method?: string;
  options?: {
    [k: string]: unknown;
  };
  skip?: string[];
  review?: boolean;
  continued?: boolean;
}
/**
 * What a method unfolds into; `problems` are sentences by option.
 */
export interface MethodPlan {
  options: (
    | NumberField
    | TextField
    | ChoiceField
    | SwitchField
    | RewardsField
    | JudgeField
    | RewardModelField
    | DocumentField
  )[];
  problems: {
    [k: string]: string;
  };
  stages: PlannedStage[];
  optional: OptionalStage[];
  generates_rows: boolean;
}
/**
 * A stage that will run.
 *
 * Attributes:
 *     takes: role, and position of the stage that it takes from, from 0.
 *     makes: what its rows are called; "" if it makes none.
 *     round: from 1, of a stage that is repeated.
 */
export interface PlannedStage {
  title: string;
  about: string;
  takes: ['weights' | 'rows' | 'reward', number][];
  makes: string;
  round: number | null;
}
/**
 * `without` says what happens if it is left out.
 */
export interface OptionalStage {
  name: string;
  title: string;
  without: string;
}
export interface MethodStep {
  method: string;
  options: {
    [k: string]: unknown;
  };
  skip: string[];
  review: boolean;
  continued: boolean;
  methods: MethodCard[];
  plan: MethodPlan | null;
}
/**
 * One model beside the baseline of its island.
 *
 * Attributes:
 *     win: over the baseline, by votes on the two; None where nobody compared them, and for the baseline itself.
 *     wins, losses, draws: of those votes.
 *     lc_win_rate: if both answers were as long; None where the votes do not tell. `lc_low`, `lc_high`: 95 % interval.
 *     bt: Bradley-Terry, in points of which 400 are odds of ten to one; the baseline has 0.
 *     low, high: 95 % interval of `bt`; None where there are too few prompts, or where all say the same.
 *     votes: all pairs it was in.
 *     island: which of the groups that no vote connects, 0 for the first.
 *     length: characters of its answers, mean.
 */
export interface ModelRating {
  name: string;
  title: string;
  baseline: string;
  win: Rate | null;
  wins: number;
  losses: number;
  draws: number;
  lc_win_rate: number | null;
  lc_low: number | null;
  lc_high: number | null;
  bt: number;
  low: number | null;
  high: number | null;
  votes: number;
  island: number;
  length: number;
}
/**
 * Models as they stand in the form or in the address.
 */
export interface ModelsAsked {
  models: string[];
}
/**
 * What a server function is asked that takes no argument, and what one answers that only acts.
 */
export interface Nothing {}
/**
 * What stands in the way of a launch, and the step where it can be put right.
 */
export interface Obstacle {
  message: string;
  step: number;
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
 * As the browser gets it.
 */
export interface PageNotice {
  title: string;
  text: string;
}
/**
 * The stored answers of these columns to a prompt, to be shown in panes.
 */
export interface PanesAsked {
  columns: string[];
  item: string;
}
/**
 * The comparison that holds them.
 */
export interface PanesKept {
  comparison: string;
}
/**
 * The presets of one method; `learns_from` is the line of its card.
 */
export interface PresetGroup {
  method: string;
  title: string;
  palette: string;
  learns_from: string;
  presets: PresetLink[];
}
/**
 * `name`: as in the address; `tried`: run by us.
 */
export interface PresetLink {
  name: string;
  title: string;
  about: string;
  source: string;
  tried: boolean;
}
export interface PresetList {
  groups: PresetGroup[];
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
 * A comparison, and the version that the page has of it; 0 for none.
 */
export interface ProgressAsked {
  id: string;
  version?: number;
}
export interface RatedSet {
  name: string;
  votes: number;
}
/**
 * A set, and the name that a person typed.
 */
export interface RaterAsked {
  votes: string;
  rater: string;
}
/**
 * One rater.
 *
 * Attributes:
 *     too_fast: pairs judged in less time than it takes to read them.
 *     with_others: how often people who judged the same pair said the same, percent; of how many such meetings.
 *     with_itself: how often a repeated pair got the same verdict, percent; of how many.
 *     checks_right: of pairs whose right choice is known, percent; of how many.
 *     left: how often the left answer won, sides being balanced.
 */
export interface RaterFacts {
  name: string;
  kind: RaterKind;
  pairs: number;
  answers: number;
  too_fast: number;
  with_others: number | null;
  meetings: number;
  with_itself: number | null;
  repeats: number;
  checks_right: number | null;
  checks: number;
  left: Rate | null;
}
/**
 * See `services.feedback.voting.Progress`.
 */
export interface RaterProgress {
  judged: number;
  left: number;
  checks: number;
  checks_right: number;
  repeats: number;
  repeats_same: number;
  note: string;
}
/**
 * Everything about the votes of a set, or of all sets.
 *
 * Attributes:
 *     titles: what models are called on screens.
 *     counted: whose votes the tables of models are made of; `kinds_of_raters` counts pairs of each kind.
 *     replaced: votes on pairs that the same rater gave anew later, of those who are counted.
 *     headline: which model was better, or that it is too early to tell.
 *     islands: groups of models that no chain of votes connects; each has a baseline of its own.
 *     account: of the votes those that are counted here, and why the others are not, in a sentence.
 *     ceiling: how often two people agree, percent: more accuracy on these votes cannot be expected of a reward model.
 *     left: position bias of those who are counted.
 *     warnings: what a reader should know before trusting the numbers.
 */
export interface Ratings {
  votes: string | null;
  titles: {
    [k: string]: string;
  };
  counted: RaterKind | 'all';
  kinds_of_raters: {
    [k: string]: number;
  };
  pairs: number;
  prompts: number;
  from_thumbs: number;
  replaced: number;
  headline: string;
  models: ModelRating[];
  islands: string[][];
  kinds: KindRate[];
  criteria: CriterionMean[];
  raters: RaterFacts[];
  agreement: Agreement[];
  ceiling: number | null;
  left: Rate | null;
  warnings: string[];
  account: string;
}
/**
 * `votes`: a set; "" is the newest. `baseline` and `raters`: "" leaves them to the app.
 */
export interface RatingsAsked {
  votes?: string;
  baseline?: string;
  raters?: '' | 'person' | 'judge' | 'simulated' | 'all';
}
/**
 * `sets`: all there are, newest first. `ratings` is None where there is none. `work`: the judge that votes in the set.
 */
export interface RatingsShown {
  sets: RatedSet[];
  note: string;
  ratings: Ratings | null;
  work: JudgeAtWork | null;
}
export interface RecipeFile {
  name: string;
  text: string;
}
/**
 * Once it is launched, `go` is the address of what was started.
 */
export interface ReviewShown {
  go: string;
  review: ReviewStep | null;
}
/**
 * What would run. `audit` is None where there is nothing to try yet; `probing` is the share of the time that probes took
 * in earlier runs of its stages on its base, None where there are none; `kept_out` are sentences on rows with held-out
 * prompts, `few_pairs` on stages that have too few pairs to learn from; `room` is what its checkpoints take of the disk, None where that cannot be told; `estimated` is the pipeline as
 * JSON, "" while something is missing.
 */
export interface ReviewStep {
  title: string;
  problems: Obstacle[];
  model: KnownModel | null;
  method: ChosenMethod | null;
  options: [string, string][];
  review: boolean;
  stages: PlannedStage[];
  data: StageDataset[];
  judged: JudgingSetting[];
  kept_out: string[];
  few_pairs: string[];
  probing: number | null;
  room: Room | null;
  file: RecipeFile | null;
  changes: ChangedSetting[];
  audit: AuditAsked | null;
  estimated: string;
}
export interface StageDataset {
  stage: string;
  name: string;
  rows: number | null;
  dropped: number;
  reasons: {
    [k: string]: number;
  };
}
/**
 * Bytes that a pipeline's checkpoints will take at most at once, and those that are free.
 */
export interface Room {
  needed: number;
  free: number;
  is_tight: boolean;
}
/**
 * What became of the rows of a file, and some of those that are learnt from.
 */
export interface RowAccountShown {
  rows: number;
  rows_read: number;
  dropped: number;
  reasons: {
    [k: string]: number;
  };
  problems: RowProblem[];
  changes: {
    [k: string]: number;
  };
  not_read: string[];
  notes: string[];
  examples: ExampleRow[];
}
/**
 * A page of a run's rows, and the version of it that the browser has.
 */
export interface RowsAsked {
  run: string;
  which?: 'all' | 'edited' | 'dropped';
  offset?: number;
  seen?: string;
}
/**
 * Of a run that makes rows: who waits for a look at them, and why they cannot be changed, if so.
 */
export interface RowsReview {
  waiting: WaitingRun[];
  fixed: string | null;
}
export interface WaitingRun {
  id: string;
  stage: string;
}
export interface RunAlarm {
  name: string;
  step: number;
  message: string;
}
/**
 * A run, and the version of the answer that the browser has.
 */
export interface RunAsked {
  run: string;
  seen?: string;
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
 * `state` is None where the browser has this version; `left` says in words how long a live run has to go.
 */
export interface RunFacts {
  version: string;
  state: RunState | null;
  now: number;
  left: string;
}
/**
 * All that the page says of a run, besides curves, rows, samples, log and recipe.
 *
 * Attributes:
 *     measured_by: "own" data or Lantern's "suite"; None of a run that trains no policy.
 *     charts: which curves stand large.
 *     unjudged: nothing says whether its answers are right.
 *     metrics: names of all that it has reported. The browser asks for the points of those that it draws.
 *     fails_again: it would fail as before if it were resumed as it is.
 *     checkpoint: the last complete one.
 *     on_stop: what a stop would do and keep; None once it has ended.
 *     compare: what to lay beside its base.
 *     look_at: the run whose rows must be looked at before this one begins.
 */
export interface RunState {
  run: RunCard;
  base: string;
  measured_by: ('suite' | 'own') | null;
  unjudged: boolean;
  charts: ChartPlan;
  metrics: string[];
  lineage: LineageGraph;
  alarms: RunAlarm[];
  fails_again: boolean;
  checkpoint: CheckpointMark | null;
  on_stop: string | null;
  compare: ComparisonLink | null;
  review: RowsReview | null;
  look_at: string | null;
}
/**
 * The last lines of the log, None if there are no more than were seen; `total` counts all.
 */
export interface RunLog {
  total: number;
  lines: string[] | null;
}
/**
 * The frozen recipe as (name, value).
 *
 * `more` are the settings that the wizard closes away; `yaml` and `command` repeat the whole pipeline.
 */
export interface RunRecipe {
  rows: [string, string][];
  more: [string, string][];
  yaml: string;
  file: string;
  command: string;
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
 * `table` is None where the browser has this version.
 */
export interface RunSamples {
  version: string;
  table: SampleTable | null;
}
/**
 * Most changed prompts first; of a run on own data, those of that data before those of the suite.
 */
export interface SampleTable {
  steps: number[];
  prompts: SampledPrompt[];
}
/**
 * A prompt's answers at the steps shown; None where it was not asked.
 *
 * Attributes:
 *     kind: of the suite's prompts, or what the probe calls prompts of the run's own data.
 *     own: it is of the run's own data.
 *     changed: share of words that differ between the first answer and the last, 0 to 1.
 */
export interface SampledPrompt {
  kind: string;
  own: boolean;
  prompt: string;
  changed: number;
  answers: (SampledAnswer | null)[];
}
/**
 * `scores` by criterion.
 */
export interface SampledAnswer {
  step: number;
  text: string;
  scores: {
    [k: string]: number | 'nan' | 'inf' | '-inf';
  };
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
 * `terms` are rules that score too, and so does a judge.
 */
export interface ScoreAsked {
  model: string;
  answers: AnswerToScore[];
  terms?: string[];
  judge?: JudgeWanted | null;
}
/**
 * Reward models, newest first, and those to come; `reward_is` says what their numbers mean; the rubrics that a judge may
 * go by.
 */
export interface ScoreChoices {
  models: ScoringModel[];
  coming: ComingModel[];
  rubrics: string[];
  reward_is: string;
  most_at_once: number;
}
/**
 * A reward model that can be chosen; `title` names its stage too, `step` is of its last complete checkpoint.
 */
export interface ScoringModel {
  id: string;
  title: string;
  palette: string;
  base: string;
  step: number;
  knows_gold: boolean;
}
/**
 * Answer by answer as asked; `checkpoint` is the one that read.
 */
export interface ScoreTold {
  checkpoint: string;
  answers: AnswerScore[];
}
export interface SettingsProblems {
  problems: {
    [k: string]: {
      [k: string]: string;
    };
  };
}
/**
 * `reshaping`: settings whose change changes what is proposed.
 */
export interface SettingsStep {
  draft: Draft;
  groups: SettingsGroup[];
  problems: {
    [k: string]: {
      [k: string]: string;
    };
  };
  reshaping: string[];
}
/**
 * Which pairs of a set people are to be asked about.
 */
export interface ShareAsked {
  votes: string;
  asked: 'all' | 'unsure';
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
 * How far the small real model is, as its service tells it.
 */
export interface SmallModelShown {
  state: SmallModelState;
}
/**
 * `said` is the last sentence of progress, or why it failed.
 */
export interface SmallModelState {
  phase: 'absent' | 'busy' | 'here' | 'failed';
  said: string;
}
/**
 * How many prompts are split off, in percent of them or as a number; None where nothing was typed.
 */
export interface SplitAsked {
  id: string;
  amount: number | null;
  unit: 'percent' | 'prompts';
  seed: number | null;
}
export interface SplitDone {
  rest: SplitSide;
  held_out: SplitSide;
}
export interface SplitSide {
  name: string;
  rows: number;
  address: string;
}
/**
 * How two models stand in the set: `first` wins `share` of `n` votes, and has at least half.
 */
export interface StandingView {
  first: VotedAnswer;
  second: VotedAnswer;
  share: number;
  low: number;
  high: number;
  n: number;
  needed: number | null;
}
export interface StoredData {
  dataset: string;
}
export interface SuiteAsked {
  name: string;
  text: string;
}
/**
 * The suite that was kept, or why none was; `repeats` counts prompts that were there before, and are kept once.
 */
export interface SuiteWritten {
  suite: SuiteInfo | null;
  repeats: number;
  problem: string;
}
/**
 * None where the model is not on this machine yet.
 */
export interface TemplateAudit {
  found: Audit | null;
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
/**
 * The choice as far as it makes sense, and what it unfolds into.
 */
export interface Unfolded {
  method: string;
  options: {
    [k: string]: unknown;
  };
  skip: string[];
  review: boolean;
  plan: MethodPlan | null;
}
export interface VotableComparison {
  id: string;
  prompt: string;
  prompts: number;
  models: number;
  created_at: number;
}
/**
 * A run that answered held-out prompts.
 */
export interface VotableRun {
  id: string;
  title: string;
  palette: string;
}
/**
 * What was said of a ballot; `choice` names the side on screen.
 *
 * Attributes:
 *     seconds: for how long it was looked at, as the browser measured; None where it did not.
 *     edited: of a pair: the better answer as it should have been.
 */
export interface VoteCast {
  ballot: string;
  rater: string;
  choice?: Choice | null;
  strength?: number | null;
  scores?: {
    [k: string]: number;
  };
  is_good?: boolean | null;
  text?: string;
  edited?: string;
  seconds?: number | null;
}
/**
 * Each newest first.
 */
export interface VoteChoices {
  sets: VoteSetView[];
  comparisons: VotableComparison[];
  runs: VotableRun[];
}
/**
 * A set of votes. `waiting` is how much of it nobody has judged or has before him; None where nobody counted.
 */
export interface VoteSetView {
  name: string;
  question: Question;
  order: PairOrder;
  raters: number;
  rubric: string;
  attributes: string[];
  sources: string[];
  votes: number;
  waiting: number | null;
}
/**
 * `comparison` and the set `votes`: ones that must be among them, however old they are.
 */
export interface VoteChoicesAsked {
  comparison?: string;
  votes?: string;
}
/**
 * A new set.
 */
export interface VoteSetAsked {
  name: string;
  question?: Question;
  order?: PairOrder;
  raters?: number;
  rubric?: string;
  attributes?: string[];
  sources: string[];
}
export interface VoteSetMade {
  name: string;
}
/**
 * Where a rater stands in a set.
 *
 * Attributes:
 *     rater: who he is, as his votes there spell him.
 *     longest: characters that a text may have.
 *     account: which of its votes count, in a sentence.
 */
export interface VoteState {
  votes: VoteSetView;
  rater: string;
  longest: number;
  progress: RaterProgress;
  last: LastVote | null;
  standing: StandingView | null;
  account: string;
}
/**
 * `refused`: why a vote does not count and never will, as a sentence. Any other trouble may pass: it is told as a
 * problem, and the browser keeps the vote and sends it again.
 */
export interface VoteTaken {
  state: VoteState | null;
  refused: string;
}
/**
 * `ballot`: the question that was asked, once more; None where there was nothing to take back.
 */
export interface VoteUndone {
  ballot: BallotView | null;
  state: VoteState;
}
/**
 * The open step, from 1; `labels` are name and value of each step, "" if it is not done; `is_fine`: the notice tells of
 * nothing that went wrong; what stands behind its first line is told below that.
 */
export interface WizardState {
  notice: string;
  is_fine: boolean;
  step: number;
  method: string;
  labels: [string, string][];
}
/**
 * `locked`: something else gives the value, and `help` says what; `advanced`: folded away.
 */
export interface _FormField {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
}

/** Asked through `call`, which unwraps the answer. */
export type ServerFunction<A, R> = (asked: A) => Promise<R>;

/** Every server function; a part has those that Python serves it. */
export interface Server {
  answer_choices: ServerFunction<Nothing, AnswerChoices>;
  answer_panes: ServerFunction<PanesAsked, PanesKept>;
  answers_overview: ServerFunction<AnswersOverviewAsked, AnswersOverview>;
  answers_page: ServerFunction<AnswersAsked, AnswersPage>;
  audit: ServerFunction<AuditAsked, TemplateAudit>;
  batch_again: ServerFunction<BatchAgainAsked, BatchAgain>;
  batch_start: ServerFunction<BatchAsked, BatchStarted>;
  compare_again: ServerFunction<AgainAsked, ComparisonView>;
  compare_choices: ServerFunction<ModelsAsked, CompareChoices>;
  compare_delete: ServerFunction<ComparisonNamed, Nothing>;
  compare_export: ServerFunction<ExportAsked, Exported>;
  compare_follow: ServerFunction<FollowAsked, ComparisonView>;
  compare_poll: ServerFunction<ProgressAsked, ComparisonProgress>;
  compare_prompts: ServerFunction<ModelsAsked, PromptOffer>;
  compare_recent: ServerFunction<Nothing, EarlierComparisons>;
  compare_restore: ServerFunction<ComparisonNamed, ComparisonView>;
  compare_score: ServerFunction<ComparisonScoreAsked, ComparisonView>;
  compare_start: ServerFunction<ComparisonAsked, ComparisonStarted>;
  compare_stop: ServerFunction<ComparisonNamed, Nothing>;
  convert: ServerFunction<ConversionAsked, StoredData>;
  curves: ServerFunction<CurvesAsked, CurvesFound>;
  dataset: ServerFunction<DatasetAsked, DatasetFacts>;
  dataset_rows: ServerFunction<DatasetRowsAsked, DatasetRows>;
  datasets: ServerFunction<Nothing, DatasetList>;
  delete_dataset: ServerFunction<DatasetAsked, Nothing>;
  describe: ServerFunction<Described, Nothing>;
  estimate: ServerFunction<EstimateAsked, EstimateShown>;
  fill_measure: ServerFunction<Draft, MeasureStep>;
  fill_settings: ServerFunction<Draft, SettingsStep>;
  get_small_model: ServerFunction<Nothing, SmallModelShown>;
  home_facts: ServerFunction<HomeAsked, HomeFacts>;
  judges: ServerFunction<JudgesAsked, JudgesStanding>;
  judging_form: ServerFunction<JudgesAsked, JudgingForm>;
  judging_now: ServerFunction<JudgesAsked, JudgingTold>;
  judging_share: ServerFunction<ShareAsked, Nothing>;
  judging_start: ServerFunction<JudgingAsked, JudgingTold>;
  judging_stop: ServerFunction<JudgesAsked, JudgingTold>;
  live_pill: ServerFunction<Nothing, LivePill>;
  mark_dataset: ServerFunction<Marked, Nothing>;
  ratings: ServerFunction<RatingsAsked, RatingsShown>;
  run_action: ServerFunction<ActionAsked, Nothing>;
  run_edit_row: ServerFunction<EditAsked, RowView>;
  run_facts: ServerFunction<RunAsked, RunFacts>;
  run_log: ServerFunction<LogAsked, RunLog>;
  run_recipe: ServerFunction<RunAsked, RunRecipe>;
  run_rows: ServerFunction<RowsAsked, GeneratedRows>;
  run_samples: ServerFunction<RunAsked, RunSamples>;
  runs_page: ServerFunction<RunsAsked, RunsPage>;
  score: ServerFunction<ScoreAsked, ScoreTold>;
  score_choices: ServerFunction<Nothing, ScoreChoices>;
  score_file: ServerFunction<FileToRead, FileAnswers>;
  score_known: ServerFunction<KnownAsked, KnownView>;
  shared_metrics: ServerFunction<SharedMetricsAsked, SharedMetrics>;
  small_model: ServerFunction<Nothing, SmallModelShown>;
  split_off: ServerFunction<SplitAsked, SplitDone>;
  start_tour: ServerFunction<TourAsked, TourStarted>;
  suite_write: ServerFunction<SuiteAsked, SuiteWritten>;
  this_machine: ServerFunction<Nothing, Devices>;
  try_columns: ServerFunction<ColumnsAsked, ColumnsTried>;
  unfold: ServerFunction<MethodChoice, Unfolded>;
  use_columns: ServerFunction<ColumnsAsked, StoredData>;
  validate_settings: ServerFunction<Draft, SettingsProblems>;
  vote_cast: ServerFunction<VoteCast, VoteTaken>;
  vote_choices: ServerFunction<VoteChoicesAsked, VoteChoices>;
  vote_make: ServerFunction<VoteSetAsked, VoteSetMade>;
  vote_next: ServerFunction<BallotsAsked, BallotViews>;
  vote_skip: ServerFunction<BallotSkipped, VoteTaken>;
  vote_state: ServerFunction<RaterAsked, VoteState>;
  vote_undo: ServerFunction<RaterAsked, VoteUndone>;
}
