// What stands in the way of a launch.
import {html} from '../../components/html.js';
import {icon} from '../../components/icon.js';

/** @typedef {import('../../components/html.js').View} View */

/** @param {View} title @param {View} body */
export const refusal = (title, body) =>
  html`<div class="rl-note bad" role="alert">
    ${icon('warn')}
    <div>
      <div class="rl-nt">${title}</div>
      ${body}
    </div>
  </div>`;
