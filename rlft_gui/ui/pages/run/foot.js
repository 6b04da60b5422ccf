/* eslint-disable */
// @ts-nocheck
// The end of a run's page: the log, followed while its end is in view, and the frozen recipe.
import {el, link, save} from '../../components/dom.js';
import {call, poll} from '../../components/live.js';
import {button, card as rlCard, skeleton} from '../../components/marks.js';
import {count, number} from '../../components/words.js';
import {onRun, runId} from './head.js';

function logCard(server, root) {
  const sub = el('span', {class: 'rl-sub'}),
    text = el('pre', {
      class: 'rl-code rl-log',
      tabindex: 0,
      role: 'region',
      'aria-label': 'Lines of the log',
    });
  const follow = button(
    'Follow',
    () => {
      text.scrollTop = text.scrollHeight;
    },
    'sm',
  );
  const whole = link(
    `/logs/${encodeURIComponent(runId)}`,
    {class: 'rl-btn sm', download: true, hidden: true},
    'Download',
  );
  const card = rlCard({title: 'Log', id: 'log', tools: el('div', {class: 'rl-row'}, follow, whole)}, text);
  card.querySelector('h2').append(sub);
  let seen = -1,
    live = true;
  onRun(({run}) => {
    live = run.live || run.status === 'queued';
  });
  const atEnd = () => text.scrollHeight - text.scrollTop - text.clientHeight < 24;
  text.addEventListener('scroll', () => {
    follow.hidden = atEnd();
  });
  poll(root, 2000, async () => {
    const {total, lines} = await call(server.run_log, {run: runId, seen});
    if (lines) {
      const stay = atEnd() || seen < 0;
      text.replaceChildren(
        ...lines.flatMap(line =>
          /\b(alarm|warning|error|Traceback)\b/i.test(line)
            ? [el('span', {class: 'w'}, line), '\n']
            : [`${line}\n`],
        ),
      );
      if (!lines.length) text.textContent = 'Nothing was written yet.';
      sub.textContent =
        total > lines.length ? `last ${lines.length} of ${number(total)} lines` : count(total, 'line');
      if (stay) text.scrollTop = text.scrollHeight;
      follow.hidden = atEnd();
      whole.hidden = !total;
      seen = total;
    }
    return live ? 2000 : 20000;
  });
  return card;
}

function recipeCard(server) {
  const rows = el('dl', {class: 'rl-dl'}),
    body = el('div', {class: 'rl-cb'}, skeleton(60, 80, 70)),
    said = el('span', {class: 'rl-xs rl-faint', role: 'status'});
  let yaml = '',
    file = '';
  const copy = button(
    'YAML',
    async () => {
      try {
        await navigator.clipboard.writeText(yaml);
        said.textContent = 'Copied.';
      } catch {
        said.textContent = 'The browser does not allow copying; select the text below.';
        shown.hidden = false;
      }
    },
    'sm',
    'copy',
  );
  const keep = button('Download', () => save(file, yaml), 'sm');
  const shown = el('pre', {class: 'rl-code', hidden: true, tabindex: 0});
  const card = rlCard(
    {title: 'Recipe', sub: 'frozen at launch', tools: el('div', {class: 'rl-row'}, said, copy, keep)},
    body,
    shown,
  );
  const pairs = rows =>
    rows.flatMap(([name, value]) => [
      el('dt', {}, name),
      el('dd', {class: name === 'Versions' ? 'rl-faint' : ''}, value),
    ]);
  const load = () =>
    call(server.run_recipe, {run: runId})
      .then(recipe => {
        yaml = recipe.yaml;
        file = recipe.file;
        shown.textContent = yaml;
        const again = [el('dt', {}, 'Again'), el('dd', {}, el('code', {}, recipe.command))];
        const more = el(
          'button',
          {
            type: 'button',
            class: 'rl-link',
            onclick: () => {
              more.parentNode.replaceWith(...pairs(recipe.more));
            },
          },
          count(recipe.more.length, 'more line'),
        );
        body.replaceChildren(rows);
        rows.replaceChildren(...pairs(recipe.rows), ...again, el('dd', {style: 'grid-column:1/-1'}, more));
      })
      .catch(error => body.replaceChildren(error.message));
  // What became of the rows is known once the run has begun.
  let state = null;
  onRun(({run}) => {
    const now = `${run.status} ${run.total_steps}`;
    if (now !== state) {
      state = now;
      load();
    }
  });
  return card;
}

export default ({root, server}) => {
  if (!runId) return;
  onRun(() => {
    if (!root.firstChild)
      root.append(el('div', {class: 'rl-two'}, logCard(server, root), recipeCard(server)));
  });
};
