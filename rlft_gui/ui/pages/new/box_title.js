// The title of a dataset's box on the data step.
import {html, nothing, render} from '../../components/html.js';
import {showErrors} from './first_error.js';
import {nameUploads} from '../../components/adding/uploads.js';

/** @typedef {import('../../payloads').BoxTitle} BoxTitle */

/** @param {BoxTitle | null} title none before the place is a stage's */
const view = title => (title ? heading(title) : nothing);

/** @param {BoxTitle} title */
const heading = ({stage, title, sub}) =>
  html`<div class="rl-ch" data-stage=${stage}>
    <h2>${title}${sub ? html`<span class="rl-sub">${sub}</span>` : nothing}</h2>
  </div>`;

/** @param {import('../../components/mount.js').Part & {data: BoxTitle | null}} part */
export default function start({root, data}) {
  const box = /** @type {HTMLElement} */ (root.closest('.rl-data'));
  nameUploads(box);
  showErrors(box);
  /** @param {BoxTitle | null} title */
  const draw = title => render(view(title), root);
  draw(data);
  return draw;
}
