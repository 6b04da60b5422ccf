/* eslint-disable */
// @ts-nocheck
// What the head, the chart and the table of the page Runs share: which runs are ticked, and their faces.
import {head} from '../../components/page_head.js';
import {address, asked as rlAsked, remember} from '../../components/address.js';
import {el, link} from '../../components/dom.js';
import {count} from '../../components/words.js';

const MOST = 6;
const asked = rlAsked();
const ticked = asked.has('runs')
  ? new Set(asked.get('runs').split(',').filter(Boolean).slice(0, MOST))
  : null;
const watchers = {ticks: new Set(), page: new Set()};

export const runs = {
  MOST,
  ticked, // null until the first page says which runs are the newest
  views: new Map(), // id → run_view, of all runs seen
  page: null,
  on: (what, fn) => {
    watchers[what].add(fn);
    if (what === 'page' ? runs.page : runs.ticked) fn();
  },
  tell: what => {
    for (const fn of watchers[what]) fn();
  },
  tick(ids) {
    runs.ticked = new Set(ids);
    remember({runs: ids.length ? ids.join(',') : 'none'});
    runs.tell('ticks');
  },
  name: run => `${run.title} · ${run.stage}`,
};
if (ticked?.has('none')) ticked.clear();

export default ({root}) => {
  const draw = () => {
    const {page, ticked, views} = runs,
      ids = [...(ticked ?? [])].filter(id => views.get(id)?.product === 'policy'); // nothing else answers
    const text = !page
      ? ''
      : page.counts.all
        ? `${count(page.counts.all, 'run')} in ${count(page.pipelines, 'pipeline')}. Tick up to six to draw them together.`
        : 'No runs yet.';
    root.replaceChildren(
      head({
        words: 'Runs',
        text,
        acts: [
          ids.length > 0 &&
            link(
              address('/compare', {models: ['base', ...ids].join(',')}),
              {class: 'rl-btn'},
              'Compare ticked',
            ),
          link('/new', {class: 'rl-btn primary'}, 'New pipeline'),
        ],
      }),
    );
  };
  draw();
  runs.on('page', draw);
  runs.on('ticks', draw);
};
