// The title of the box where a file is added; without one, while a dataset is looked at, the box is not seen.
import {asked} from '../../components/address.js';
import {nameUploads} from '../../components/adding/uploads.js';
import {html, nothing, render} from '../../components/html.js';

const TITLE = html`<div class="rl-ch">
  <h2>Add a file<span class="rl-sub">its columns may have any names</span></h2>
</div>`;

/** @param {import('../../components/mount.js').Part} part */
export default function start({root}) {
  nameUploads(/** @type {HTMLElement} */ (root.closest('.rl-data')));
  render(asked().get('id') ? nothing : TITLE, root);
}
