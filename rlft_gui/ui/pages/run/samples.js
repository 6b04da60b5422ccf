/* eslint-disable */
// @ts-nocheck
// How the answers to the same held-out prompts change over steps: columns of steps, new words underlined.
import {marked} from '../../components/diff.js';
import {asked, remember} from '../../components/address.js';
import {el} from '../../components/dom.js';
import {call, poll} from '../../components/live.js';
import {card as rlCard, empty, skeleton} from '../../components/marks.js';
import {signed} from '../../components/words.js';
import {onRun, runId} from './head.js';

const FIRST = 3;

export default ({root, server}) => {
  if (!runId) return;
  let data = null,
    version = '',
    all = asked().get('samples') === 'all',
    live = false;
  const rows = el('div'),
    more = el('button', {
      type: 'button',
      class: 'rl-btn sm',
      onclick: () => {
        all = !all;
        remember({samples: all ? 'all' : null});
        draw();
      },
    });
  const card = rlCard(
    {title: 'How answers change', sub: 'underlined: new since the step before', tools: more},
    rows,
  );
  card.hidden = more.hidden = true;
  rows.append(el('div', {class: 'rl-cb'}, skeleton(30, 92, 84)));
  root.append(card);

  const scores = answer =>
    Object.entries(answer.scores).map(([name, value]) =>
      el('span', {class: 'rl-num'}, `${name.replaceAll('_', ' ')} ${signed(value, 1)}`),
    );
  function column(answer, before, step) {
    if (!answer)
      return el(
        'div',
        {},
        el('div', {class: 'rl-st'}, el('b', {}, `Step ${step}`)),
        el('p', {class: 'rl-faint'}, 'Not asked at this step.'),
      );
    return el(
      'div',
      {},
      el('div', {class: 'rl-st'}, el('b', {}, `Step ${step}`)),
      el('p', {}, before ? marked(before.text, answer.text) : answer.text || '(an empty answer)'),
      el('div', {class: 'rl-sc'}, scores(answer)),
    );
  }
  function draw() {
    if (!data) return;
    const {prompts, steps} = data,
      shown = all ? prompts : prompts.slice(0, FIRST);
    more.hidden = prompts.length <= FIRST;
    more.textContent = all ? 'Fewer prompts' : `All ${prompts.length} prompts`;
    if (!prompts.length) {
      rows.replaceChildren(
        empty(
          'No answers yet',
          live
            ? 'The first ones are sampled with the first probe, at step 0.'
            : 'This run ended before its first probe.',
        ),
      );
      return;
    }
    const side = ({own}, i) =>
      !own &&
      shown[i - 1]?.own &&
      el('p', {class: 'rl-cb rl-small rl-muted'}, 'What it did to Lantern’s own skills:');
    rows.replaceChildren(
      ...shown
        .map((one, i) => [side(one, i), one])
        .flatMap(([words, {prompt, kind, answers}]) => [
          words || '',
          el(
            'section',
            {},
            el(
              'h3',
              {class: 'rl-prow'},
              el('span', {}, prompt),
              el('span', {class: 'rl-badge'}, kind.replaceAll('_', ' ')),
            ),
            el(
              'div',
              {class: 'rl-film', style: `--n:${steps.length}`},
              answers.map((answer, i) => column(answer, answers.slice(0, i).findLast(Boolean), steps[i])),
            ),
          ),
        ]),
    );
  }
  onRun(({run}) => {
    if (run.product !== 'policy') return; // nothing else answers prompts
    const first = card.hidden;
    live = run.live || run.status === 'queued';
    card.hidden = false;
    if (!first) return;
    poll(root, 3000, async () => {
      const answer = await call(server.run_samples, {run: runId, seen: version});
      if (answer.version !== version) {
        data = answer;
        version = answer.version;
        draw();
      }
      return live ? 3000 : 20000;
    });
  });
};
