// The frame of every page: names for the navigation, the live pill, light and dark, the page head.
(() => {
  const {el, link} = rl;
  const PAGE_OF = {'/run': '/runs'};   // a run belongs to Runs in the bar

  // Gradio marks the open page by a class only and does not name the navigation.
  function nameNavigation() {
    const bar = document.querySelector('.nav-holder nav');
    if (!bar) return;
    bar.setAttribute('aria-label', 'Pages');
    const here = PAGE_OF[location.pathname] ?? location.pathname;
    for (const page of bar.querySelectorAll('a')) {
      if (new URL(page.href).pathname.replace(/\/$/, '') === here.replace(/\/$/, '')) page.setAttribute('aria-current', 'page');
    }
  }
  const title = words => { document.title = words === 'Home' ? 'rlft_gui' : `${words} · rlft_gui`; };

  rl.part('top', ({root, server}) => {
    nameNavigation();
    const words = el('span'), pill = link('/runs', {class: 'rl-badge run', hidden: true}, rl.live(), words);
    root.append(pill, el('button', {class: 'rl-icon-btn', type: 'button', 'aria-label': 'Switch between light and dark', onclick: rl.toggleTheme}, rl.icon('half')));
    let before = 0;
    rl.poll(root, 2000, async () => {
      const now = await rl.call(server.live_pill);
      pill.hidden = !now.running && !now.queued;
      pill.href = now.run_id ? rl.address('/run', {run: now.run_id}) : '/runs';
      words.textContent = now.running ? `${now.running} running${now.percent == null ? '' : `, ${now.percent} %`}` : `${now.queued} waiting`;
      if (before && !now.running && !now.queued) rl.say('All runs have ended.');
      before = now.running + now.queued;
      return before ? 2000 : 5000;
    });
  });

  // head(): what head of the page says; pages with a live head call rl.head themselves.
  rl.head = ({words, text, acts, crumb}) => {
    title(typeof words === 'string' ? words : words.textContent);
    return el('div', {}, crumb && el('p', {class: 'rl-crumb'}, crumb),
      el('div', {class: 'rl-head-row'}, el('div', {}, typeof words === 'string' ? el('h1', {}, words) : words, text && el('p', {}, text)), el('div', {class: 'rl-acts'}, acts)));
  };
  rl.part('head', ({root, data}) => {
    const draw = ({title: words, text, links}) => root.replaceChildren(rl.head({words, text, acts: links.map(([name, href, kind]) => link(href, {class: `rl-btn ${kind}`}, name))}));
    draw(data);
    return draw;
  });
})();
