// The start page: one sentence of state, what runs and waits, the last results; the tour when there is nothing yet.
(() => {
  const {el, link} = rl;
  const name = run => `${run.title} · ${run.stage}`;

  function sentence({live, queued, results}) {
    const parts = [];
    if (live.length) parts.push(`${rl.spelled(live.length)} ${live.length === 1 ? 'run is' : 'runs are'} training`);
    if (queued.length) parts.push(`${parts.length ? rl.spelled(queued.length).toLowerCase() : rl.spelled(queued.length)} ${queued.length === 1 ? 'is' : 'are'} waiting`);
    const reviews = new Set(queued.map(run => run.review).filter(Boolean)).size;
    const alarms = live.filter(run => run.alarm).length, failed = results[0]?.status === 'failed';
    return [parts.length ? `${parts.join(' and ')}.` : 'Nothing is running.', alarms && `${rl.spelled(alarms)} ${alarms === 1 ? 'alarm needs' : 'alarms need'} a look.`, reviews && `Rows of ${rl.spelled(reviews).toLowerCase()} ${reviews === 1 ? 'run wait' : 'runs wait'} for you.`, failed && 'The last run failed.'].filter(Boolean).join(' ');
  }

  rl.part('home', ({root, server}) => {
    const head = el('div'), page = el('div'), asking = el('div');
    root.append(el('div', {class: 'rl-home'}, head, page));
    page.append(el('div', {class: 'rl-card rl-cb'}, rl.skeleton(38, 92, 84, 60)));
    let version = '', state = null, offset = 0, timeLeft = {}, isEmpty = null, frame = null;
    const age = rl.age('updated');
    const cards = new Map();

    // A card is kept while its run lives, so that its bar moves and focus stays.
    function liveCard(run) {
      const bar = rl.bar(run.percent, name(run)), marks = el('span', {class: 'rl-row rl-wrap'}), done = el('span', {class: 'rl-num'}), left = el('span', {class: 'rl-num'});
      const open = rl.address('/run', {run: run.id});
      const node = el('div', {class: 'rl-runcard'},
        el('div', {class: 'rl-row rl-between rl-wrap'}, el('div', {class: 'rl-row rl-wrap'}, el('span', {class: 'rl-meth'}, rl.glyph(run.method), link(open, {class: 'rl-nm'}, name(run))), marks), link(open, {class: 'rl-btn sm rl-hide-s', 'aria-label': `Open ${name(run)}`}, 'Open')),
        bar, el('div', {class: 'rl-row rl-between rl-wrap rl-small rl-muted'}, done, left));
      const fill = now => {
        const elapsed = rl.elapsed(now, Date.now() / 1000 + offset), timed = {...now, elapsed}, pace = rl.secondsPerStep(timed);
        marks.replaceChildren(rl.status(now), now.alarm ? rl.badge('warn', 'warn', `${rl.alarmName(now.alarm.name)} since step ${now.alarm.step}`) : '');
        bar.set(now.percent);
        done.textContent = [now.total_steps ? `Step ${rl.number(now.step)} of ${rl.number(now.total_steps)}` : {loading: 'Loading model and data'}[now.phase] ?? 'Starting', now.percent != null && `${now.percent} %`, pace && `${rl.number(pace, pace < 10 ? 1 : 0)} s per step`].filter(Boolean).join(' · ');
        left.textContent = timeLeft[now.id] ?? '';
      };
      return {node, fill};
    }
    const queuedCard = run => ({fill() {}, node: el('div', {class: 'rl-runcard'},
      el('div', {class: 'rl-row rl-between rl-wrap'}, el('div', {class: 'rl-row rl-wrap'}, el('span', {class: 'rl-meth'}, rl.glyph(run.method), link(rl.address('/run', {run: run.id}), {class: 'rl-nm'}, name(run))), rl.status(run)),
        el('span', {class: 'rl-acts'}, run.review && link(`${rl.address('/run', {run: run.review})}`, {class: 'rl-btn sm'}, 'Review rows'), rl.button('Remove from queue', () => rl.ask(asking, rl.unqueue(run, async () => { await rl.call(server.run_do, {run: run.id, action: 'stop'}); wake(); })), 'sm'))),
      el('p', {class: 'rl-small rl-muted'}, run.reason ?? 'Waits for its turn.'))});

    function running(body) {
      const wanted = [...state.live.map(run => ['live', run]), ...state.queued.map(run => ['queued', run])];
      const keys = wanted.map(([kind, run]) => `${kind} ${run.id} ${kind === 'queued' ? `${run.reason} ${run.review}` : ''}`);
      for (const key of [...cards.keys()]) if (!keys.includes(key)) cards.delete(key);
      const nodes = wanted.map(([kind, run], i) => {
        if (!cards.has(keys[i])) cards.set(keys[i], kind === 'live' ? liveCard(run) : queuedCard(run));
        cards.get(keys[i]).fill(run);
        return cards.get(keys[i]).node;
      });
      const next = [asking, ...(nodes.length ? nodes : [frame.nothing])];
      if (next.length !== body.children.length || next.some((node, i) => node !== body.children[i])) body.replaceChildren(...next);
    }
    function build() {
      const now = el('div'), results = el('div'), tour = el('div'), nothing = rl.empty('Nothing is running', 'A run that you start appears here and keeps going without this page.');
      frame = {now, results, tour, nothing};
      page.replaceChildren(el('div', {class: 'rl-home-cols'},
        el('div', {class: 'rl-stack'}, rl.card({title: 'Running now', tools: age.node}, now), results),
        el('aside', {class: 'rl-stack', 'aria-label': 'Tour and machine'}, tour, rl.homeMachine(server))));
    }
    const offerLink = kind => state.offer && link(rl.address('/compare', {models: state.offer.models}), {class: `rl-btn ${kind}`}, state.offer.words);
    function draw() {
      const empty = !state.live.length && !state.queued.length && !state.results.length;
      head.replaceChildren(rl.head({words: 'Home', text: empty ? 'Nothing has been trained here yet.' : sentence(state), acts: empty ? [] : [link('/compare', {class: 'rl-btn'}, 'Compare answers'), link('/new', {class: 'rl-btn primary'}, 'New pipeline')]}));
      if (empty !== isEmpty) { isEmpty = empty; empty ? page.replaceChildren(rl.homeHero(server)) : build(); }
      if (empty) return;
      frame.results.replaceChildren(rl.homeResults(state.results));
      const offer = state.offer && el('div', {class: 'rl-offer'}, el('p', {class: 'rl-small'}, `${state.offer.title} is done.`), offerLink('rl-block'));
      frame.tour.replaceChildren(rl.homeTour(server, offer));
    }
    const wake = rl.poll(root, 1000, async () => {
      const answer = await rl.call(server.home_state, {seen: version});
      offset = answer.now - Date.now() / 1000;
      timeLeft = answer.left;
      if (answer.version !== version) { state = answer; version = answer.version; if (drawn() !== JSON.stringify(still())) { shown = JSON.stringify(still()); draw(); } }
      if (!isEmpty) running(frame.now);
      age.touch();
      return state.live.length ? 1000 : state.queued.length ? 1500 : 4000;
    });
    // What changes less often than steps do: only then is the rest drawn anew.
    let shown = '';
    const drawn = () => shown;
    const still = () => [state.live.map(run => [run.id, Boolean(run.alarm)]), state.queued.map(run => run.id), state.results, state.offer];
  });
})();
