// The stages beside their settings, to go to; those where something is wrong are marked.
import {html, nothing} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {numbered} from './settings_group.js';

/** @param {string} group */
function goTo(group) {
  const node = document.getElementById(`group-${group}`);
  node?.scrollIntoView({behavior: 'smooth', block: 'start'});
  /** @type {HTMLElement | null | undefined} */
  const first = node?.querySelector('input, select, textarea');
  first?.focus({preventScroll: true});
}

/** @param {import('./form.js').Form} form */
export const settingsIndex = ({told, problems}) =>
  html`<nav class="rl-index" aria-label="Stages">
    <ol>
      ${told.groups.map(
        ({name, title}, place) =>
          html`<li class=${problems[name] ? 'bad' : nothing}>
            <button type="button" class="rl-link" @click=${() => goTo(name)}>
              ${numbered(title, place)}
            </button>
            ${icon('warn')}
          </li>`,
      )}
    </ol>
  </nav>`;
