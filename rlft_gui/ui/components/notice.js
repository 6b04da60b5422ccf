// What a demo says on top of every page. Its class on the page hides what is not offered (notice.css).
import {html, nothing, render} from './html.js';

const CLOSED = 'rlft notice closed';

/** @typedef {import('../payloads').PageNotice} PageNotice */

/** @param {PageNotice} notice @param {boolean} isOpen @param {() => void} toggle */
const shown = ({title, text}, isOpen, toggle) =>
  html`<div class="rl-notice" role="note">
    <p><b>${title}</b> ${isOpen ? text : nothing}</p>
    <button type="button" class="rl-link" aria-expanded=${isOpen} @click=${toggle}>
      ${isOpen ? 'Less' : 'What is shared?'}
    </button>
  </div>`;

/** @param {import('./mount.js').Part} part */
export default function start({root, props}) {
  /** @type {PageNotice} */
  const notice = JSON.parse(props.value);
  document.documentElement.classList.add('rl-demo');
  const draw = () => {
    const isOpen = !sessionStorage.getItem(CLOSED);
    render(
      shown(notice, isOpen, () => {
        if (isOpen) sessionStorage.setItem(CLOSED, '1');
        else sessionStorage.removeItem(CLOSED);
        draw();
      }),
      root,
    );
  };
  draw();
}
