/* eslint-disable */
// @ts-nocheck
// The start page: one sentence of state, what runs and waits, the last results; the tour when there is nothing yet.
import {head as rlHead} from '../../components/page_head.js';
import {address} from '../../components/address.js';
import {el, link} from '../../components/dom.js';
import {age as rlAge, call, elapsed as rlElapsed, poll, secondsPerStep} from '../../components/live.js';
import {
  ask,
  badge,
  bar as rlBar,
  button,
  card,
  empty as rlEmpty,
  glyph,
  skeleton,
  status,
  unqueue,
} from '../../components/marks.js';
import {alarmName, number, spelled} from '../../components/words.js';
import {homeResults} from './results.js';
import {homeHero, homeMachine, homeTour} from './tour.js';

const name = run => `${run.title} · ${run.stage}`;

function sentence({live, queued, results}) {
  const parts = [];
  if (live.length)
    parts.push(`${spelled(live.length)} ${live.length === 1 ? 'run is' : 'runs are'} training`);
  if (queued.length)
    parts.push(
      `${parts.length ? spelled(queued.length).toLowerCase() : spelled(queued.length)} ${queued.length === 1 ? 'is' : 'are'} waiting`,
    );
  const reviews = new Set(queued.map(run => run.review).filter(Boolean)).size;
  const alarms = live.filter(run => run.alarm).length,
    failed = results[0]?.status === 'failed';
  return [
    parts.length ? `${parts.join(' and ')}.` : 'Nothing is running.',
    alarms && `${spelled(alarms)} ${alarms === 1 ? 'alarm needs' : 'alarms need'} a look.`,
    reviews &&
      `Rows of ${spelled(reviews).toLowerCase()} ${reviews === 1 ? 'run wait' : 'runs wait'} for you.`,
    failed && 'The last run failed.',
  ]
    .filter(Boolean)
    .join(' ');
}

export default ({root, server}) => {
  const head = el('div'),
    page = el('div'),
    asking = el('div');
  root.append(el('div', {class: 'rl-home'}, head, page));
  page.append(el('div', {class: 'rl-card rl-cb'}, skeleton(38, 92, 84, 60)));
  let version = '',
    state = null,
    offset = 0,
    timeLeft = {},
    isEmpty = null,
    frame = null;
  const age = rlAge('updated');
  const cards = new Map();

  // A card is kept while its run lives, so that its bar moves and focus stays.
  function liveCard(run) {
    const bar = rlBar(run.percent, name(run)),
      marks = el('span', {class: 'rl-row rl-wrap'}),
      done = el('span', {class: 'rl-num'}),
      left = el('span', {class: 'rl-num'});
    const open = address('/run', {run: run.id});
    const node = el(
      'div',
      {class: 'rl-runcard'},
      el(
        'div',
        {class: 'rl-row rl-between rl-wrap'},
        el(
          'div',
          {class: 'rl-row rl-wrap'},
          el('span', {class: 'rl-meth'}, glyph(run.method), link(open, {class: 'rl-nm'}, name(run))),
          marks,
        ),
        link(open, {class: 'rl-btn sm rl-hide-s', 'aria-label': `Open ${name(run)}`}, 'Open'),
      ),
      bar,
      el('div', {class: 'rl-row rl-between rl-wrap rl-small rl-muted'}, done, left),
    );
    const fill = now => {
      const elapsed = rlElapsed(now, Date.now() / 1000 + offset),
        timed = {...now, elapsed},
        pace = secondsPerStep(timed);
      marks.replaceChildren(
        status(now),
        now.alarm ? badge('warn', 'warn', `${alarmName(now.alarm.name)} since step ${now.alarm.step}`) : '',
      );
      bar.set(now.percent);
      done.textContent = [
        now.total_steps
          ? `Step ${number(now.step)} of ${number(now.total_steps)}`
          : ({loading: 'Loading model and data'}[now.phase] ?? 'Starting'),
        now.percent != null && `${now.percent} %`,
        pace && `${number(pace, pace < 10 ? 1 : 0)} s per step`,
      ]
        .filter(Boolean)
        .join(' · ');
      left.textContent = timeLeft[now.id] ?? '';
    };
    return {node, fill};
  }
  const queuedCard = run => ({
    fill() {},
    node: el(
      'div',
      {class: 'rl-runcard'},
      el(
        'div',
        {class: 'rl-row rl-between rl-wrap'},
        el(
          'div',
          {class: 'rl-row rl-wrap'},
          el(
            'span',
            {class: 'rl-meth'},
            glyph(run.method),
            link(address('/run', {run: run.id}), {class: 'rl-nm'}, name(run)),
          ),
          status(run),
        ),
        el(
          'span',
          {class: 'rl-acts'},
          run.review && link(`${address('/run', {run: run.review})}`, {class: 'rl-btn sm'}, 'Review rows'),
          button(
            'Remove from queue',
            () =>
              ask(
                asking,
                unqueue(run, async () => {
                  await call(server.run_action, {run: run.id, action: 'stop'});
                  wake();
                }),
              ),
            'sm',
          ),
        ),
      ),
      el('p', {class: 'rl-small rl-muted'}, run.reason ?? 'Waits for its turn.'),
    ),
  });

  function running(body) {
    const wanted = [...state.live.map(run => ['live', run]), ...state.queued.map(run => ['queued', run])];
    const keys = wanted.map(
      ([kind, run]) => `${kind} ${run.id} ${kind === 'queued' ? `${run.reason} ${run.review}` : ''}`,
    );
    for (const key of [...cards.keys()]) if (!keys.includes(key)) cards.delete(key);
    const nodes = wanted.map(([kind, run], i) => {
      if (!cards.has(keys[i])) cards.set(keys[i], kind === 'live' ? liveCard(run) : queuedCard(run));
      cards.get(keys[i]).fill(run);
      return cards.get(keys[i]).node;
    });
    const next = [asking, ...(nodes.length ? nodes : [frame.nothing])];
    if (next.length !== body.children.length || next.some((node, i) => node !== body.children[i]))
      body.replaceChildren(...next);
  }
  function build() {
    const now = el('div'),
      results = el('div'),
      tour = el('div'),
      nothing = rlEmpty(
        'Nothing is running',
        'A run that you start appears here and keeps going without this page.',
      );
    frame = {now, results, tour, nothing};
    page.replaceChildren(
      el(
        'div',
        {class: 'rl-home-cols'},
        el('div', {class: 'rl-stack'}, card({title: 'Running now', tools: age.node}, now), results),
        el('aside', {class: 'rl-stack', 'aria-label': 'Tour and machine'}, tour, homeMachine(server)),
      ),
    );
  }
  const offerLink = kind =>
    state.offer &&
    link(address('/compare', {models: state.offer.models}), {class: `rl-btn ${kind}`}, state.offer.words);
  function draw() {
    const empty = !state.live.length && !state.queued.length && !state.results.length;
    head.replaceChildren(
      rlHead({
        words: 'Home',
        text: empty ? 'Nothing has been trained here yet.' : sentence(state),
        acts: empty
          ? []
          : [
              link('/compare', {class: 'rl-btn'}, 'Compare answers'),
              link('/new', {class: 'rl-btn primary'}, 'New pipeline'),
            ],
      }),
    );
    if (empty !== isEmpty) {
      isEmpty = empty;
      empty ? page.replaceChildren(homeHero(server)) : build();
    }
    if (empty) return;
    frame.results.replaceChildren(homeResults(state.results));
    const offer =
      state.offer &&
      el(
        'div',
        {class: 'rl-offer'},
        el('p', {class: 'rl-small'}, `${state.offer.title} is done.`),
        offerLink('rl-block'),
      );
    frame.tour.replaceChildren(homeTour(server, offer));
  }
  const wake = poll(root, 1000, async () => {
    const answer = await call(server.home_state, {seen: version});
    offset = answer.now - Date.now() / 1000;
    timeLeft = answer.left;
    if (answer.version !== version) {
      state = answer;
      version = answer.version;
      if (drawn() !== JSON.stringify(still())) {
        shown = JSON.stringify(still());
        draw();
      }
    }
    if (!isEmpty) running(frame.now);
    age.touch();
    return state.live.length ? 1000 : state.queued.length ? 1500 : 4000;
  });
  // What changes less often than steps do: only then is the rest drawn anew.
  let shown = '';
  const drawn = () => shown;
  const still = () => [
    state.live.map(run => [run.id, Boolean(run.alarm)]),
    state.queued.map(run => run.id),
    state.results,
    state.offer,
  ];
};
