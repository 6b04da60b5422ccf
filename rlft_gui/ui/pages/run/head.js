/* eslint-disable */
// @ts-nocheck
// The head of a run's page: title, state, actions, progress, lineage, alarms. It alone asks for the facts;
// the other
// parts of the page listen by onRun, and wakeRun.now asks at once.
import {head as rlHead} from '../../components/page_head.js';
import {address, asked} from '../../components/address.js';
import {el, link} from '../../components/dom.js';
import {lineage as rlLineage} from '../../components/lineage.js';
import {call, elapsed as rlElapsed, poll, say, secondsPerStep} from '../../components/live.js';
import {
  ask,
  bar as rlBar,
  button as rlButton,
  glyph,
  note,
  skeleton,
  status,
  unqueue,
} from '../../components/marks.js';
import {alarmName, bytes, count, duration, number} from '../../components/words.js';

const id = asked().get('run') ?? '';
const listeners = new Set();
let facts = null;
// onRun(fn): fn(facts) now, if known, and whenever they change.
export const onRun = fn => {
  listeners.add(fn);
  if (facts) fn(facts);
};
export const runId = id;
export const wakeRun = {now: () => {}};

const PHASES = {
  loading: 'Loading',
  probing: 'First probe',
  training: 'Training',
  sampling: 'Making rows',
  saving: 'Saving',
};
const name = run => `${run.title} · ${run.stage}`;

// The next stage of this pipeline, while it has not succeeded.
const following = ({run, lineage: {nodes}}) =>
  run.status === 'succeeded' &&
  nodes.find((one, i) => one.mine && one.status !== 'succeeded' && i > nodes.findIndex(other => other.here));
const waits = facts => facts.run.status === 'succeeded' && facts.review?.waiting.length > 0;

function sentence(facts) {
  const {run, checkpoint} = facts,
    next = following(facts);
  const goes = run.attempt > 1 ? `Attempt ${run.attempt} goes on from the last complete checkpoint.` : '';
  switch (run.status) {
    case 'queued':
      return run.reason ?? 'Waits for its turn.';
    case 'starting':
      return 'The training process is starting.';
    case 'running':
      return [
        goes,
        {
          loading: 'Loading model and data.',
          probing: 'Taking a probe on held-out prompts.',
          saving: run.product === 'rows' ? 'Saving the rows.' : 'Saving a checkpoint.',
        }[run.phase] ??
          `${run.product === 'rows' ? 'Making rows.' : 'Training.'} Goes on when you close this page.`,
      ]
        .filter(Boolean)
        .join(' ');
    case 'stopping':
      return facts.on_stop;
    case 'succeeded':
      return `Finished ${count(run.step, run.product === 'rows' ? 'prompt' : 'step')}${run.ran_seconds == null ? '' : ` in ${duration(run.ran_seconds)}`}.${checkpoint ? ` Checkpoint ${checkpoint.step} is complete, ${bytes(checkpoint.bytes)}.` : ''}${waits(facts) ? ` ${facts.review.waiting.map(one => one.stage).join(' and ')} begins when its rows have passed.` : next ? ` ${next.stage} comes next and is ${next.status}.` : ''}`;
    case 'stopped':
      return run.reason ?? `Stopped at step ${run.step}.`;
    default:
      return '';
  }
}

export default ({root, server}) => {
  const head = el('div'),
    progress = el('div'),
    lineage = el('div'),
    notices = el('div', {id: 'alarms', class: 'rl-stack-s'}),
    asking = el('div');
  root.append(el('div', {class: 'rl-run-top'}, head, asking, progress, lineage, notices));
  head.append(skeleton(30, 60));
  if (!id)
    return void head.replaceChildren(
      rlHead({
        words: 'No run was named',
        text: 'Choose one from the list of runs.',
        acts: [link('/runs', {class: 'rl-btn primary'}, 'All runs')],
      }),
    );
  let version = '',
    before = null,
    offset = 0,
    timeLeft = '';

  const act = async action => {
    await call(server.run_action, {run: id, action});
    wake();
  };
  const actions = {
    stop: run =>
      ask(
        asking,
        run.status === 'queued'
          ? unqueue(run, () => act('stop'))
          : {
              title: `Stop ${name(run)} at ${run.product === 'rows' ? 'prompt' : 'step'} ${run.step}?`,
              text: `${facts.on_stop} Curves, samples and log stay. Stages that wait for it end as well.`,
              yes: 'Stop now',
              no: 'Keep running',
              act: () => act('stop'),
            },
      ),
    remove: run =>
      ask(asking, {
        title: `Delete ${name(run)}?`,
        text: 'All that it made is removed for good: checkpoints or rows, curves, samples and log. The data and the base model stay, and so does every other run.',
        yes: 'Delete this run',
        no: 'Keep it',
        act: async () => {
          await act('delete');
          location.href = '/runs';
        },
      }),
  };
  const problem = node => async event => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      await node();
    } catch (error) {
      asking.replaceChildren(note('bad', 'That did not work', error.message));
    }
    button.disabled = false;
  };

  function buttons({run, compare, checkpoint}) {
    const next = following(facts);
    const clone = link(address('/new', {clone: id}), {class: 'rl-btn'}, 'Clone');
    const remove = rlButton('Delete', () => actions.remove(run), 'danger');
    const side =
      compare &&
      link(
        address('/compare', {models: compare.models}),
        {class: `rl-btn ${next || waits(facts) ? '' : 'primary'}`},
        compare.words,
      );
    const watch =
      next &&
      link(
        address('/run', {run: next.id}),
        {class: `rl-btn ${waits(facts) ? '' : 'primary'}`},
        `Watch ${next.stage}`,
      );
    const look =
      facts.look_at && link(address('/run', {run: facts.look_at}), {class: 'rl-btn primary'}, 'Review rows');
    if (run.status === 'queued')
      return [look, clone, rlButton('Remove from queue', () => actions.stop(run), 'danger', 'stop')];
    if (run.status === 'stopping') return [clone];
    if (run.live) return [clone, rlButton('Stop', () => actions.stop(run), 'danger', 'stop')];
    if (run.status === 'succeeded') return next ? [watch, side, clone] : [side, clone, remove];
    const again = rlButton(
      checkpoint
        ? `Resume from step ${checkpoint.step}`
        : run.product === 'rows' && run.step
          ? `Resume from prompt ${run.step}`
          : 'Start again',
      problem(() => act('resume')),
      facts.fails_again ? '' : 'primary',
    );
    if (!facts.fails_again) return [again, clone, remove];
    return [
      link(address('/new', {clone: id}), {class: 'rl-btn primary'}, 'Change and run again'),
      again,
      remove,
    ];
  }
  function drawHead() {
    const {run} = facts,
      words = el('h1', {}, glyph(run.method), name(run));
    const top = el(
      'div',
      {class: 'rl-row rl-wrap'},
      words,
      status(run),
      run.attempt > 1 && el('span', {class: 'rl-badge'}, `Attempt ${run.attempt}`),
    );
    const crumb = [link('/runs', {}, 'Runs'), ` / ${run.title}`];
    head.replaceChildren(
      el(
        'div',
        {},
        el('p', {class: 'rl-crumb'}, crumb),
        el(
          'div',
          {class: 'rl-head-row'},
          el('div', {}, top, el('p', {class: 'rl-small'}, sentence(facts))),
          el('div', {class: 'rl-acts'}, buttons(facts)),
        ),
      ),
    );
    document.title = `${name(run)} · rlft_gui`;
  }
  const bar = rlBar(0, 'Progress'),
    done = el('span', {class: 'rl-num'}),
    left = el('span', {class: 'rl-num'});
  progress.append(el('div', {class: 'rl-row rl-between rl-small rl-muted rl-wrap'}, done, left), bar);
  function drawProgress() {
    const {run} = facts;
    progress.hidden = !run.live && !(run.step && run.total_steps && run.status !== 'succeeded');
    const timed = {...run, elapsed: rlElapsed(run, Date.now() / 1000 + offset)},
      pace = run.live && secondsPerStep(timed);
    bar.set(run.percent);
    done.replaceChildren(
      el(
        'b',
        {style: 'color:var(--text)'},
        run.total_steps
          ? `${run.product === 'rows' ? 'Prompt' : 'Step'} ${number(run.step)} of ${number(run.total_steps)}`
          : (PHASES[run.phase] ?? 'Starting'),
      ),
      run.percent == null ? '' : ` · ${run.percent} %`,
      pace ? ` · ${number(pace, pace < 10 ? 1 : 0)} s per ${run.product === 'rows' ? 'prompt' : 'step'}` : '',
    );
    left.textContent = run.live ? timeLeft : '';
  }
  const drawLineage = rlLineage(lineage);
  function drawNotices() {
    const {run, alarms, checkpoint} = facts,
      notes = [];
    if (run.unreadable) notes.push(note('bad', 'Part of this run cannot be read', run.unreadable));
    if (run.status === 'failed')
      notes.push(
        note(
          'bad',
          'This run failed',
          run.reason ?? 'No reason was recorded. The log may tell.',
          rlButton(
            'Read the log',
            () => document.getElementById('log')?.scrollIntoView({behavior: 'smooth'}),
            'sm',
          ),
        ),
      );
    if (run.status === 'failed' && checkpoint)
      notes
        .at(-1)
        .querySelector('p')
        .append(` Checkpoint ${checkpoint.step} is complete and can be resumed.`);
    for (const alarm of alarms)
      notes.push(note('warn', `${alarmName(alarm.name)}, step ${alarm.step}`, alarm.message));
    notices.replaceChildren(...notes);
  }
  const wake = (wakeRun.now = poll(root, 1000, async () => {
    try {
      const answer = await call(server.run_facts, {run: id, seen: version});
      offset = answer.now - Date.now() / 1000;
      timeLeft = answer.left;
      if (answer.version !== version) {
        facts = answer;
        version = answer.version;
        drawHead();
        drawLineage(facts);
        drawNotices();
        drawProgress();
        if (before && before !== facts.run.status) say(`${name(facts.run)}: ${facts.run.status}.`);
        before = facts.run.status;
        for (const fn of listeners) fn(facts);
      } else drawProgress();
    } catch (error) {
      if (!error.told) throw error;
      if (!facts)
        head.replaceChildren(
          rlHead({
            words: 'This run is not here',
            text: error.message,
            acts: [link('/runs', {class: 'rl-btn primary'}, 'All runs')],
          }),
        );
      return false;
    }
    return facts.run.live
      ? 1000
      : facts.run.status === 'queued' ||
          facts.lineage.nodes.some(one => !['succeeded', 'stopped', 'failed'].includes(one.status))
        ? 2000
        : 10000;
  }));
};
