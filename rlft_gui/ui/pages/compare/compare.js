/* eslint-disable */
// @ts-nocheck
// Compare: loads what can be compared, starts, follows by version while answers are written, and keeps the
// address true.
import {head as rlHead} from '../../components/page_head.js';
import {address, asked as rlAsked, remember} from '../../components/address.js';
import {el, link} from '../../components/dom.js';
import {call, poll, say} from '../../components/live.js';
import {button, card, empty, glyph, note, seg, skeleton} from '../../components/marks.js';
import {ago, count} from '../../components/words.js';
import {compareForm} from './form.js';
import {panes} from './panes.js';

const AGAINST = [
  ['off', 'Off'],
  ['base', 'Base'],
  ['left', 'Left pane'],
];
const isOver = comparison => ['done', 'failed'].includes(comparison.status);

export default ({root, server, data}) => {
  const head = el('div'),
    form = el('div'),
    body = el('div');
  const holder = el('div', {class: 'rl-panes-holder'}),
    tools = el('div', {class: 'rl-row rl-between rl-wrap rl-compare-tools', hidden: true}),
    recent = el('div');
  body.append(tools, holder, recent);
  root.append(el('div', {class: 'rl-stack'}, head, form, body));
  const drawPanes = panes(holder);
  let comparison = null,
    ui = null,
    against = AGAINST.some(([key]) => key === rlAsked().get('mark')) ? rlAsked().get('mark') : 'base';

  function drawHead() {
    const saved = comparison ? ` Saved as comparison ${comparison.id}.` : '';
    const copy = button(
      'Copy link',
      async () => {
        copy.lastChild.data = await navigator.clipboard.writeText(location.href).then(
          () => 'Link copied',
          () => 'Copy it from the address line',
        );
        setTimeout(() => {
          copy.lastChild.data = 'Copy link';
        }, 2000);
      },
      '',
      'copy',
    );
    head.replaceChildren(
      rlHead({words: 'Compare', text: `Same prompt, same seed, one batch.${saved}`, acts: [copy]}),
    );
  }
  tools.append(
    el(
      'div',
      {class: 'rl-tools'},
      el(
        'span',
        {},
        el('span', {class: 'rl-k'}, 'Mark words against'),
        seg({label: 'Mark words against', value: against, options: AGAINST}, chosen => {
          against = chosen;
          remember({mark: chosen === 'base' ? null : chosen});
          if (comparison) drawPanes(comparison, against);
        }),
      ),
    ),
    el(
      'span',
      {class: 'rl-xs rl-faint rl-row'},
      el('span', {}, el('ins', {}, 'underlined'), ' new words'),
      el('span', {}, el('span', {class: 'rl-same'}, 'grey'), ' the same'),
    ),
  );

  function show(next) {
    const started = comparison?.id !== next.id;
    comparison = next;
    tools.hidden = false;
    drawPanes(next, against);
    ui?.busy(!isOver(next));
    drawNote(next);
    if (started) drawHead();
    if (isOver(next) && !started) say('All answers are complete.');
  }
  const place = el('p', {class: 'rl-xs rl-faint rl-place'});
  holder.after(place);
  const drawNote = next => {
    place.textContent = next.note ?? '';
  };

  // Polls until every answer is complete; a newer comparison ends it.
  function follow(id) {
    poll(root, 200, async () => {
      if (comparison?.id !== id || isOver(comparison)) return false;
      const answer = await call(server.compare_poll, {id, version: comparison.version});
      if (comparison?.id === id && answer.comparison) show(answer.comparison);
      return isOver(comparison) ? false : 200;
    });
  }
  async function run() {
    const asked = ui.read();
    ui.problems({});
    if (!asked.models.length) return ui.problems({models: 'No model is chosen. Add the base or a run.'});
    ui.busy(true);
    try {
      const answer = await call(server.compare_start, asked);
      if (answer.problems) {
        ui.busy(false);
        return ui.problems(answer.problems);
      }
      show(answer.comparison);
      remember({models: asked.models.join(','), prompt: asked.prompt, comparison: comparison.id});
      follow(comparison.id);
      call(server.compare_recent).then(
        ({recent}) => drawRecent(recent),
        () => {},
      ); // the older list stays
    } catch (problem) {
      ui.busy(false);
      ui.problems({
        models: problem.told ? problem.message : 'The app did not answer, so nothing was started. Try again.',
      });
    }
  }
  async function stop() {
    try {
      await call(server.compare_stop, {id: comparison.id});
    } catch (problem) {
      ui.problems({models: problem.message});
    }
  }

  // Older comparisons, each a link to the same view.
  function drawRecent(list) {
    const others = list.filter(one => one.id !== comparison?.id);
    if (!others.length) return recent.replaceChildren();
    recent.replaceChildren(
      card(
        {title: 'Earlier comparisons'},
        el(
          'ul',
          {class: 'rl-recent'},
          others.map(one =>
            el(
              'li',
              {},
              link(address('/compare', {comparison: one.id}), {class: 'rl-b'}, one.prompt),
              one.more_prompts > 0 &&
                el('span', {class: 'rl-faint'}, ` and ${count(one.more_prompts, 'prompt')}`),
              el(
                'span',
                {class: 'rl-row rl-wrap rl-xs rl-faint'},
                one.panes.map(([title, method]) => el('span', {class: 'rl-meth'}, glyph(method), title)),
                one.sampling.map(([name, value]) =>
                  el('span', {class: 'rl-num'}, `${name.toLowerCase()} ${value}`),
                ),
                el('span', {}, ago(Date.now() / 1000 - one.created_at)),
              ),
            ),
          ),
        ),
      ),
    );
  }
  // Without a wish in the address: the base and the newest pipeline's runs, oldest stage first.
  function proposed(runs) {
    const newest = runs.filter(one => one.pipeline === runs[0]?.pipeline).reverse();
    return ['base', ...newest.slice(-2).map(one => one.id)];
  }

  // A link of our own that names models alone, as those of runs do, is answered at once. From elsewhere
  // nothing starts
  // by opening a page, and whoever changed the form has a prompt in the address.
  const askedByOurs = asked =>
    asked.has('models') && !asked.has('prompt') && document.referrer.startsWith(`${location.origin}/`);

  // What the address asks for: a comparison as it stands, or models and a prompt to begin with.
  async function open() {
    const asked = rlAsked(),
      id = asked.get('comparison');
    const [choices, found] = await Promise.all([
      call(server.compare_choices),
      id ? call(server.compare_poll, {id, version: 0}).catch(problem => ({problem})) : null,
    ]);
    ui = compareForm({
      choices,
      fields: data.sampling,
      run,
      stop,
      changed: () => {
        const now = ui?.read();
        if (now) remember({models: now.models.join(','), prompt: now.prompt, comparison: null});
      },
    });
    form.replaceChildren(ui.node);
    if (found?.comparison) {
      const {models, prompts, sampling, names} = found.comparison;
      ui.fill({names, models, prompt: prompts[0], sampling});
      show(found.comparison);
      if (!isOver(comparison)) follow(comparison.id);
    } else {
      const models = (asked.get('models') ?? '').split(',').filter(Boolean);
      ui.fill({
        models: models.length ? models : proposed(choices.runs),
        prompt: asked.get('prompt') ?? choices.suite.find(item => item.kind === 'unknown')?.prompt ?? '',
      });
      if (found?.problem) ui.problems({models: found.problem.message});
      holder.replaceChildren(choices.runs.length ? unasked() : nothing());
    }
    drawRecent(choices.recent);
    root.dataset.ready = '';
    if (!found && askedByOurs(asked)) await run();
  }
  const unasked = () =>
    el(
      'div',
      {class: 'rl-card'},
      empty(
        'No answers yet',
        'Run asks all models at once, with the same prompt and the same seed. Their answers appear here, word by word.',
      ),
    );
  const nothing = () =>
    card(
      {title: 'Nothing to compare with yet'},
      empty(
        'No run has a complete checkpoint',
        'The base can be asked already. A run can be compared as soon as it has saved its first checkpoint.',
        link('/', {class: 'rl-btn'}, 'Go to the quick tour'),
      ),
    );

  drawHead();
  form.replaceChildren(el('div', {class: 'rl-card rl-cb'}, skeleton(38, 92, 60)));
  open().catch(problem =>
    form.replaceChildren(
      note(
        'bad',
        'This page could not be filled',
        problem.told ? problem.message : 'The app did not answer. Reload the page.',
      ),
    ),
  );
};
