// What may be wrong with the rows of a dataset, and pictures of how they are distributed.
import {button} from '../button.js';
import {html, nothing} from '../html.js';
import {icon} from '../icon.js';
import {count, number} from '../numbers.js';

/** @typedef {import('../../payloads').Checked} Checked */
/** @typedef {import('../../payloads').Finding} Finding */
/** @typedef {import('../../payloads').Bars} Bars */

/** @param {Checked} checked @param {number} rows @param {(way: string) => void} convert */
export function checks(checked, rows, convert) {
  if (!checked.looked_at) return nothing;
  const few =
    checked.looked_at < rows ? ` ${count(checked.looked_at, 'row')} were looked at, evenly spaced.` : '';
  const findings = checked.findings.length
    ? html`<ul class="rl-findings">
        ${checked.findings.map(one => finding(one, convert))}
      </ul>`
    : html`<p class="rl-small rl-muted">${icon('check')} The checks found nothing to look at.${few}</p>`;
  return html`<div class="rl-stack-s">
    <h3 class="rl-small">Worth a look</h3>
    ${findings} ${few && checked.findings.length ? html`<p class="rl-small rl-muted">${few}</p>` : nothing}
    <div class="rl-pictures">${checked.bars.map(picture)}</div>
  </div>`;
}

/** @param {Finding} finding @param {(way: string) => void} convert */
const finding = ({what, rows, fix, shown, way}, convert) =>
  html`<li>
    ${icon('warn')}
    <div>
      <p class="rl-small"><b>${count(rows, 'row')}: ${what}.</b> ${fix}</p>
      ${shown.length ? which(shown) : nothing}
      ${way ? button('Make such a copy', () => convert(way), {kind: 'sm'}) : nothing}
    </div>
  </li>`;

/** @param {Finding['shown']} shown */
const which = shown =>
  html`<details class="rl-small">
    <summary>${shown.length === 1 ? `Row ${number(shown[0].row)}` : `The first ${shown.length}`}</summary>
    <ul class="rl-reasons">
      ${shown.map(({row, text}) => html`<li>Row ${number(row)}: ${text}</li>`)}
    </ul>
  </details>`;

/** @param {Bars} bars */
function picture({title, unit, bars}) {
  const most = Math.max(1, ...bars.map(([, rows]) => rows));
  return html`<figure class="rl-picture">
    <figcaption class="rl-small">${title} <span class="rl-sub">${unit}</span></figcaption>
    <table>
      <thead class="rl-vh">
        <tr>
          <th scope="col">${unit}</th>
          <th scope="col">rows</th>
        </tr>
      </thead>
      <tbody>
        ${bars.map(
          ([name, rows]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td><i style=${`width:${(100 * rows) / most}%`}></i>${number(rows)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </figure>`;
}
