// @ts-nocheck
// Nodes. Text becomes text nodes and attributes only; nothing here or in a part ever writes markup.
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

// Hands the reader a text as a file to keep.
function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'text/plain'}));
  fill(document.createElement('a'), {href: address, download: name}, []).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const uid = (() => {
  let count = 0;
  return prefix => `rl-${prefix}-${++count}`;
})();
// randomUUID exists on https and loopback only.
const fresh = () =>
  crypto.randomUUID?.() ??
  Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(16)).join('-');

export {el, svg, link, save, uid, fresh};
