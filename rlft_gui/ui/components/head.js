// @ts-nocheck
// The head of a page that does not change while it is open.
import {link} from './dom.js';
import {head} from './page_head.js';

export default ({root, data}) => {
  const draw = ({title: words, text, links}) => root.replaceChildren(head({words, text, acts: links.map(([name, href, kind]) => link(href, {class: `rl-btn ${kind}`}, name))}));
  draw(data);
  return draw;
};
