// The end of a run's page: the log, followed while its end is in view, and the frozen recipe.
(() => {
  const {el} = rl;

  function logCard(server, root) {
    const sub = el('span', {class: 'rl-sub'}), text = el('pre', {class: 'rl-code rl-log', tabindex: 0, role: 'region', 'aria-label': 'Lines of the log'});
    const follow = rl.button('Follow', () => { text.scrollTop = text.scrollHeight; }, 'sm');
    const whole = rl.link(`/logs/${encodeURIComponent(rl.runId)}`, {class: 'rl-btn sm', download: true, hidden: true}, 'Download');
    const card = rl.card({title: 'Log', id: 'log', tools: el('div', {class: 'rl-row'}, follow, whole)}, text);
    card.querySelector('h2').append(sub);
    let seen = -1, live = true;
    rl.onRun(({run}) => { live = run.live || run.status === 'queued'; });
    const atEnd = () => text.scrollHeight - text.scrollTop - text.clientHeight < 24;
    text.addEventListener('scroll', () => { follow.hidden = atEnd(); });
    rl.poll(root, 2000, async () => {
      const {total, lines} = await rl.call(server.run_log, {run: rl.runId, seen});
      if (lines) {
        const stay = atEnd() || seen < 0;
        text.replaceChildren(...lines.flatMap(line => /\b(alarm|warning|error|Traceback)\b/i.test(line) ? [el('span', {class: 'w'}, line), '\n'] : [`${line}\n`]));
        if (!lines.length) text.textContent = 'Nothing was written yet.';
        sub.textContent = total > lines.length ? `last ${lines.length} of ${rl.number(total)} lines` : rl.count(total, 'line');
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
    const rows = el('dl', {class: 'rl-dl'}), body = el('div', {class: 'rl-cb'}, rl.skeleton(60, 80, 70)), said = el('span', {class: 'rl-xs rl-faint', role: 'status'});
    let yaml = '', file = '';
    const copy = rl.button('YAML', async () => {
      try { await navigator.clipboard.writeText(yaml); said.textContent = 'Copied.'; } catch { said.textContent = 'The browser does not allow copying; select the text below.'; shown.hidden = false; }
    }, 'sm', 'copy');
    const keep = rl.button('Download', () => rl.save(file, yaml), 'sm');
    const shown = el('pre', {class: 'rl-code', hidden: true, tabindex: 0});
    const card = rl.card({title: 'Recipe', sub: 'frozen at launch', tools: el('div', {class: 'rl-row'}, said, copy, keep)}, body, shown);
    const pairs = rows => rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {class: name === 'Versions' ? 'rl-faint' : ''}, value)]);
    const load = () => rl.call(server.run_recipe, {run: rl.runId}).then(recipe => {
      yaml = recipe.yaml;
      file = recipe.file;
      shown.textContent = yaml;
      const again = [el('dt', {}, 'Again'), el('dd', {}, el('code', {}, recipe.command))];
      const more = el('button', {type: 'button', class: 'rl-link', onclick: () => { more.parentNode.replaceWith(...pairs(recipe.more)); }}, rl.count(recipe.more.length, 'more line'));
      body.replaceChildren(rows);
      rows.replaceChildren(...pairs(recipe.rows), ...again, el('dd', {style: 'grid-column:1/-1'}, more));
    }).catch(error => body.replaceChildren(error.message));
    // What became of the rows is known once the run has begun.
    let state = null;
    rl.onRun(({run}) => { const now = `${run.status} ${run.total_steps}`; if (now !== state) { state = now; load(); } });
    return card;
  }

  rl.part('run-foot', ({root, server}) => {
    if (!rl.runId) return;
    rl.onRun(() => { if (!root.firstChild) root.append(el('div', {class: 'rl-two'}, logCard(server, root), recipeCard(server))); });
  });
})();
