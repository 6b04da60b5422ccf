// What the head, the chart and the table of the page Runs share: which runs are ticked, and their faces.
(() => {
  const {el, link} = rl;
  const MOST = 6;
  const asked = rl.asked();
  const ticked = asked.has('runs') ? new Set(asked.get('runs').split(',').filter(Boolean).slice(0, MOST)) : null;
  const watchers = {ticks: new Set(), page: new Set()};

  rl.runs = {
    MOST,
    ticked,                       // null until the first page says which runs are the newest
    views: new Map(),             // id → run_view, of all runs seen
    page: null,
    on: (what, fn) => { watchers[what].add(fn); if (what === 'page' ? rl.runs.page : rl.runs.ticked) fn(); },
    tell: what => { for (const fn of watchers[what]) fn(); },
    tick(ids) {
      rl.runs.ticked = new Set(ids);
      rl.remember({runs: ids.length ? ids.join(',') : 'none'});
      rl.runs.tell('ticks');
    },
    name: run => `${run.title} · ${run.stage}`,
  };
  if (ticked?.has('none')) ticked.clear();

  rl.part('runs-head', ({root}) => {
    const draw = () => {
      const {page, ticked, views} = rl.runs, ids = [...ticked ?? []].filter(id => views.get(id)?.product === 'policy');   // nothing else answers
      const text = !page ? '' : page.counts.all ? `${rl.count(page.counts.all, 'run')} in ${rl.count(page.pipelines, 'pipeline')}. Tick up to six to draw them together.` : 'No runs yet.';
      root.replaceChildren(rl.head({words: 'Runs', text, acts: [
        ids.length > 0 && link(rl.address('/compare', {models: ['base', ...ids].join(',')}), {class: 'rl-btn'}, 'Compare ticked'),
        link('/new', {class: 'rl-btn primary'}, 'New pipeline')]}));
    };
    draw();
    rl.runs.on('page', draw);
    rl.runs.on('ticks', draw);
  });
})();
