// The kit that every part builds with: nodes, parts, the address line, light and dark. Everything hangs on `rl`.
// Text becomes text nodes and attributes only; nothing here or in a part ever writes markup.
(() => {
  const NS = 'http://www.w3.org/2000/svg';

  function fill(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else if (value != null && value !== false) node.setAttribute(key, value === true ? '' : value);
    }
    node.append(...children.flat(3).filter(child => child != null && child !== false && child !== ''));
    return node;
  }
  // el('a', {href, class, onclick}, 'text', node, [nodes])
  const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS(NS, tag), attributes, children);

  // A link may only lead to a page of this app.
  const link = (href, attributes, ...children) =>
    el('a', {...attributes, href: href.startsWith('/') && !href.startsWith('//') ? href : '/'}, ...children);

  // Parts. A script says rl.part('name', make); Python's part() mounts it. make gets
  // {root, element, props, server, trigger, watch, upload, data} and may return a function that draws new data.
  const makers = {};
  const part = (name, make) => { makers[name] = make; };
  function mount(name, from) {
    const root = from.element.firstElementChild;
    const read = () => from.props.value ? JSON.parse(from.props.value) : null;
    const redraw = makers[name]({...from, root, data: read()});
    if (redraw) from.watch('value', () => redraw(read()));
  }

  // The address line carries what a reload or a shared link must show.
  const asked = () => new URLSearchParams(location.search);
  function remember(changes) {
    const here = new URL(location);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === '' || value === undefined) here.searchParams.delete(key);
      else here.searchParams.set(key, value);
    }
    if (here.href !== location.href) history.replaceState(history.state, '', here);
  }
  const address = (path, query) => {
    const filled = Object.entries(query || {}).filter(([, value]) => value != null && value !== '');
    return filled.length ? `${path}?${new URLSearchParams(filled)}` : path;
  };

  // Light and dark. Gradio sets its own class while it starts; this one wins.
  const KEY = 'rl-theme';
  const stored = localStorage.getItem(KEY);
  let dark = stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  function paint() {
    for (const node of [document.documentElement, document.body]) {
      if (node.classList.contains('dark') !== dark) node.classList.toggle('dark', dark);
    }
  }
  new MutationObserver(paint).observe(document.body, {attributes: true, attributeFilter: ['class']});
  paint();
  function toggleTheme() {
    dark = !dark;
    localStorage.setItem(KEY, dark ? 'dark' : 'light');
    paint();
    dispatchEvent(new Event('rl:theme'));
  }
  const color = name => getComputedStyle(document.body).getPropertyValue(name).trim();

  // Hands the reader a text as a file to keep.
  function save(name, text) {
    const address = URL.createObjectURL(new Blob([text], {type: 'text/plain'}));
    fill(document.createElement('a'), {href: address, download: name}, []).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  const uid = (() => { let count = 0; return prefix => `rl-${prefix}-${++count}`; })();
  // randomUUID exists on https and loopback only.
  const fresh = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(16)).join('-');

  window.rl = {el, svg, link, part, mount, asked, remember, address, toggleTheme, color, save, uid, fresh};
})();
