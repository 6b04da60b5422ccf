// The head of a page that does not change while it is open.
import {link} from './button.js';
import {render} from './html.js';
import {pageTitle} from './page_title.js';

/** @typedef {import('../payloads').PageHead} PageHead */

/** @param {import('./mount.js').Part & {data: PageHead}} part */
export default function start({root, data}) {
  /** @param {PageHead} head */
  const draw = ({title, text, links}) => {
    const acts = links.map(({words, href, kind}) => link(href, words, `rl-btn ${kind}`));
    render(pageTitle({title, text, acts}), root);
  };
  draw(data);
  return draw;
}
