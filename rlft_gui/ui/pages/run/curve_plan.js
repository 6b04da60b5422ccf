// Which curves a run's page draws, and where: large ones on top, small ones beside, the rest on demand.

/** @typedef {string | RegExp} Pattern of metrics */
/**
 * What stands large, one from each list, the first that exists (else the last); and what stands small beside
 * it. `comes` is how the large ones are announced.
 * @typedef {{top: Pattern[][], comes: string, beside: Pattern[]}} Plan
 */
/**
 * Names of metrics by where they stand.
 * @typedef {{top: string[], beside: string[], first: string[], rest: string[]}} Arrangement
 */

/** @type {Record<'policy' | 'own' | 'reward_model' | 'rows', Plan>} */
const PLANS = {
  // What the optimiser sees above the probe on one x axis; distance, entropy and length beside.
  policy: {
    top: [['reward/mean', 'pref/margin', 'loss'], ['probe/gold']],
    comes: 'Loss or reward, and the probe on held-out prompts,',
    beside: [
      'probe/kl/token',
      'kl/token',
      'entropy/token',
      'length/mean',
      'probe/length',
      'pref/accuracy',
      'accuracy/token',
      'loss',
    ],
  },
  // Of data of one's own: its held-out loss first; the suite says what happened to Lantern's own skills.
  own: {
    top: [
      ['eval/loss', 'reward/mean', 'loss'],
      ['reward/mean', 'pref/margin', 'loss'],
    ],
    comes: 'The loss on your held-out rows, and loss or reward,',
    beside: [
      'probe/gold',
      'eval/pref/accuracy',
      'probe/kl/token',
      'kl/token',
      'entropy/token',
      'length/mean',
      'loss',
    ],
  },
  reward_model: {
    top: [['eval/pref/accuracy', /^eval\/rating\//, 'eval/loss'], ['loss']],
    comes: 'Accuracy on held-out pairs, and the loss,',
    beside: [
      /^eval\/source\//,
      /^eval\/rating\//,
      'eval/policy_accuracy',
      'eval/ece',
      'eval/length_correlation',
      'pref/accuracy',
    ],
  },
  // All figures small. How many rows there are, the table says.
  rows: {top: [], comes: 'Figures of the rows', beside: []},
};
const BESIDE_MOST = 4;
const FOR_ROWS = 3; // of made rows, so many before the others

/** @type {[string, RegExp][]} */
const GROUPS = [
  ['Rows', /^made\//],
  ['Judge', /^judge\//],
  ['Revisions', /^revision\//],
  ['Reward', /^(eval\/)?reward\/|^objective$/],
  ['Distance', /(^|\/)kl(\/|$)|^ratio$|^clip_fraction$|^approx_kl$/],
  ['Answers', /length|truncated|^entropy/],
  ['Pairs', /^pref\//],
  ['Held-out rows', /^eval\//],
  ['Probe', /^probe\//],
  ['Losses and steps', /^/],
];
const LAST = ['lr', 'grad_norm', 'tokens', 'probe/seconds'];
const NOT_ALONE = /^probe\/gold\/(low|high)$/; // drawn as bars of the probe

/** @param {Pattern} pattern @param {string} name */
const fits = (pattern, name) => (typeof pattern === 'string' ? pattern === name : pattern.test(name));

/** @param {string} name */
const groupOf = name => GROUPS.findIndex(([, pattern]) => pattern.test(name));

/** @param {string} a @param {string} b */
const byGroup = (a, b) => groupOf(a) - groupOf(b) || Number(LAST.includes(a)) - Number(LAST.includes(b));

/**
 * Names under the titles of their groups; groups without any are left out.
 * @param {string[]} names
 * @returns {[string, string[]][]}
 */
export function grouped(names) {
  /** @type {[string, string[]][]} */
  const groups = GROUPS.map(([title], i) => [title, names.filter(name => groupOf(name) === i)]);
  return groups.filter(([, members]) => members.length);
}

/** @param {{measured_by: string | null, run: {output: 'policy' | 'reward_model' | 'rows'}}} facts */
export const planFor = ({measured_by, run}) => PLANS[measured_by === 'own' ? 'own' : run.output];

/**
 * Which metrics there are decides which charts there are; new ones may appear while the run goes on.
 * @param {string[]} metrics that the run has reported
 * @param {Plan} plan
 * @returns {Arrangement}
 */
export function arranged(metrics, plan) {
  const names = metrics.filter(name => !NOT_ALONE.test(name)).sort();
  /** @param {Pattern} pattern */
  const find = pattern => names.filter(name => fits(pattern, name));
  const top = [...new Set(plan.top.map(list => list.flatMap(find)[0] ?? String(list.at(-1))))];
  const small = [...new Set(plan.beside.flatMap(find))].filter(name => !top.includes(name));
  const beside = small.slice(0, BESIDE_MOST);
  const others = names.filter(name => !top.includes(name) && !beside.includes(name)).sort(byGroup);
  const first = top.length ? [] : others.filter(name => name !== 'made/rows').slice(0, FOR_ROWS);
  return {top, beside, first, rest: others.filter(name => !first.includes(name))};
}
