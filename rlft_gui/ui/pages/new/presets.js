// Pipelines that are ready to run, on the first step.
import {card} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, nothing, render} from '../../components/html.js';
import {count} from '../../components/numbers.js';

/** @typedef {import('../../payloads').PresetLink} PresetLink */

/** @param {PresetLink} preset */
const item = ({palette, address, title, about, source, tried}) =>
  html`<li>
    ${glyph(palette)}
    <div>
      ${link(address, title, 'rl-b')}
      <p class="rl-small rl-muted">${about}</p>
      ${
        source
          ? html`<p class="rl-xs rl-faint">From ${source}${tried ? '' : ', not run by us'}.</p>`
          : nothing
      }
    </div>
  </li>`;

/** @param {readonly PresetLink[]} presets */
const list = presets =>
  html`<ul class="rl-presets">
    ${presets.map(item)}
  </ul>`;

/** @param {readonly PresetLink[]} presets */
function published(presets) {
  if (!presets.length) return nothing;
  return html`<details class="rl-more">
    <summary>${count(presets.length, 'published recipe')}, not run by us</summary>
    ${list(presets)}
  </details>`;
}

/** @param {readonly PresetLink[]} presets */
const view = presets =>
  card(
    {title: 'Ready to run', sub: 'all steps answered', id: 'ready-to-run'},
    html`${list(presets.filter(({tried}) => tried))}${published(presets.filter(({tried}) => !tried))}`,
  );

/** @param {import('../../components/mount.js').Part & {data: import('../../payloads').PresetList}} part */
export default function start({root, data}) {
  render(view(data.presets), root);
}
