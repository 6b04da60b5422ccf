/* eslint-disable */
// @ts-nocheck
// "Last results": the probe of the newest runs on one shared scale, and what training gained, with its interval.
import {address} from '../../components/address.js';
import {el, link, svg} from '../../components/dom.js';
import {badge as rlBadge, card, empty, glyph, status} from '../../components/marks.js';
import {NONE, alarmName, interval, number, outcome, signed} from '../../components/words.js';

const SPARK = {width: 96, height: 28},
  FOREST = {width: 112, height: 36};
const VERDICTS = {
  higher: ['good', 'up', 'Higher than at its start'],
  lower: ['warn', 'down', 'Lower than at its start'],
  unclear: ['', 'dash', 'Too close to tell'],
};

function spark(run, low, high) {
  if (run.curve.length < 2) return el('span', {class: 'rl-faint'}, NONE);
  const last = run.curve.at(-1)[0] || 1,
    own = run.judged_by === 'own';
  if (own) {
    const values = run.curve.map(([, loss]) => loss);
    low = Math.min(...values);
    high = Math.max(...values);
  } // a loss has a scale of its own
  const at = ([step, gold]) => [
    2 + (step / last) * (SPARK.width - 8),
    SPARK.height - 3 - ((gold - low) / (high - low || 1)) * (SPARK.height - 6),
  ];
  const [x, y] = at(run.curve.at(-1));
  return svg(
    'svg',
    {
      viewBox: `0 0 ${SPARK.width} ${SPARK.height}`,
      class: `rl-spark rl-m-${run.method}`,
      role: 'img',
      'aria-label': `${own ? 'Held-out loss' : 'Probe'} from ${number(run.curve[0][1], 2)} to ${number(run.curve.at(-1)[1], 2)}`,
    },
    svg('polyline', {
      points: run.curve
        .map(point =>
          at(point)
            .map(value => value.toFixed(1))
            .join(),
        )
        .join(' '),
    }),
    svg('circle', {cx: x, cy: y, r: 3}),
  );
}
function forest(run, reach) {
  if (!run.gain) return '';
  const at = value => (FOREST.width / 2 + (value / reach) * (FOREST.width / 2 - 4)).toFixed(1);
  return svg(
    'svg',
    {
      viewBox: `0 0 ${FOREST.width} ${FOREST.height}`,
      class: `rl-forest rl-m-${run.method}`,
      'aria-hidden': 'true',
    },
    svg('path', {class: 'z', d: `M${at(0)} 0V${FOREST.height}`}),
    svg('path', {d: `M${at(run.gain.low)} ${FOREST.height / 2}H${at(run.gain.high)}`}),
    svg('circle', {cx: at(run.gain.delta), cy: FOREST.height / 2, r: 4}),
  );
}
function badge(run) {
  if (run.status !== 'succeeded') return status(run);
  if (run.alarm) return rlBadge('warn', 'warn', `${alarmName(run.alarm.name)}, step ${run.alarm.step}`);
  return run.verdict ? rlBadge(...VERDICTS[run.verdict]) : status(run);
}

export const homeResults = results => {
  const golds = results
      .filter(run => run.judged_by !== 'own')
      .flatMap(run => run.curve.map(([, gold]) => gold)),
    low = Math.min(...golds),
    high = Math.max(...golds);
  const reach = Math.max(
    0.01,
    ...results.flatMap(run => (run.gain ? [Math.abs(run.gain.low), Math.abs(run.gain.high)] : [])),
  );
  // Own data is judged by its held-out rows; what the suite says is a side effect.
  const own = run => [
    run.loss_change == null ? NONE : `${signed(run.loss_change)} held-out loss`,
    run.gain && [
      el('span', {class: 'rl-sub'}, 'Lantern’s own skills'),
      el('span', {class: 'rl-sub'}, `${signed(run.gain.delta)} ${interval(run.gain.low, run.gain.high)}`),
    ],
  ];
  const cell = (label, kind, ...inside) => el('td', {'data-l': label, class: kind}, ...inside);
  const row = run =>
    el(
      'tr',
      {},
      el(
        'td',
        {class: 'full'},
        el(
          'span',
          {class: 'rl-meth'},
          glyph(run.method),
          link(address('/run', {run: run.id}), {class: 'rl-nm'}, run.title),
        ),
        el('span', {class: 'rl-sub'}, `${run.stage} · ${run.base}`),
      ),
      cell('Over time', '', spark(run, low, high)),
      cell('Result', 'r rl-num', outcome(run) || NONE),
      el('td', {class: 'rl-hide-s'}, run.judged_by === 'own' ? '' : forest(run, reach)),
      cell(
        'Against its start',
        'rl-num',
        run.judged_by === 'own'
          ? own(run)
          : run.gain
            ? [
                signed(run.gain.delta),
                ' ',
                el('span', {class: 'rl-faint'}, interval(run.gain.low, run.gain.high)),
              ]
            : NONE,
      ),
      cell('Verdict', '', badge(run)),
    );
  if (!results.length)
    return card(
      {title: 'Last results'},
      empty('No results yet', 'The first finished run shows its probe score here, with an interval.'),
    );
  return card(
    {
      title: 'Last results',
      sub: 'question: did training raise the probe on held-out prompts?',
      tools: link('/runs', {class: 'rl-small rl-nw'}, 'All runs'),
    },
    el(
      'table',
      {class: 'rl-t rl-resp rl-results'},
      el('caption', {class: 'rl-vh'}, 'Last results'),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('th', {scope: 'col'}, 'Run'),
          el('th', {scope: 'col'}, 'Over time'),
          el('th', {scope: 'col', class: 'r'}, 'Result'),
          el('th', {scope: 'colgroup', colspan: 2}, 'Against its start, with 95 % interval'),
          el('th', {scope: 'col'}, 'Verdict'),
        ),
      ),
      el('tbody', {}, results.map(row)),
    ),
    el(
      'p',
      {class: 'rl-xs rl-faint rl-results-note'},
      'One seed each. Its start is the base model or the run it continues, probed at step 0 on the same prompts; the interval counts them as different ones, so it is wider than it need be. A run on data of one’s own is judged by the loss on its held-out rows.',
    ),
  );
};
