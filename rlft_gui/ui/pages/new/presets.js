// Pipelines that are ready to run, on the first step: by method, folded, behind a search.
import {card, empty} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {textOf} from '../../components/controls/line.js';
import {glyph} from '../../components/glyph.js';
import {html, live, nothing, render, repeat} from '../../components/html.js';
import {fitting, presetsIn} from './preset_search.js';

/** @typedef {import('../../payloads').PresetLink} PresetLink */
/** @typedef {import('../../payloads').PresetGroup} PresetGroup */

/**
 * @typedef {object} Shown
 * @property {readonly PresetGroup[]} groups
 * @property {string} typed what is searched for
 * @property {ReadonlySet<string>} open methods that were unfolded
 */
/**
 * @typedef {object} Acts
 * @property {(typed: string) => void} search
 * @property {(method: string, isOpen: boolean) => void} unfold
 */

/** @param {PresetLink} preset */
const item = ({name, title, about, source, tried}) =>
  html`<li>
    ${link(`/new?preset=${name}`, title, 'rl-b')}
    <p class="rl-small rl-muted">${about}</p>
    ${source ? html`<p class="rl-xs rl-faint">From ${source}${tried ? '' : ', not run by us'}.</p>` : nothing}
  </li>`;

/**
 * What is found is open, whatever was unfolded before.
 * @param {PresetGroup} group
 * @param {Shown} shown
 * @param {Acts} acts
 */
function methodGroup({method, title, palette, learns_from, presets}, {typed, open}, {unfold}) {
  const isSearched = typed.trim() !== '';
  /** @param {Event & {currentTarget: HTMLDetailsElement}} event */
  const onToggle = ({currentTarget}) => isSearched || unfold(method, currentTarget.open);
  return html`<details ?open=${live(isSearched || open.has(method))} @toggle=${onToggle}>
    <summary>
      ${glyph(palette)}<b>${title}</b><span class="rl-muted rl-hide-s">${learns_from}</span
      ><span class="rl-faint">${presets.length}</span>
    </summary>
    <ul>
      ${presets.map(item)}
    </ul>
  </details>`;
}

/** @param {Shown} shown @param {number} found @param {Acts} acts */
const search = ({groups, typed}, found, acts) =>
  html`<div class="rl-row rl-preset-search">
    <span class="rl-xs rl-faint rl-nw" role="status"
      >${typed.trim() ? `${found} of ${presetsIn(groups)}` : ''}</span
    >
    <input
      class="rl-inp short"
      type="search"
      aria-label="Search pipelines that are ready to run"
      placeholder="Search by method or word"
      autocomplete="off"
      .value=${live(typed)}
      @input=${(/** @type {Event} */ event) => acts.search(textOf(event))}
    />
  </div>`;

/** @param {Shown} shown @param {Acts} acts */
function view(shown, acts) {
  const found = fitting(shown.groups, shown.typed);
  return card(
    {
      title: 'Ready to run',
      sub: 'all steps answered, by method',
      id: 'ready-to-run',
      tools: search(shown, presetsIn(found), acts),
    },
    found.length
      ? html`<div class="rl-presets">
          ${repeat(
            found,
            ({method}) => method,
            group => methodGroup(group, shown, acts),
          )}
        </div>`
      : empty(
          `No pipeline says “${shown.typed.trim()}”`,
          'Search for a method, such as DPO, or a word of a title.',
        ),
  );
}

/** @typedef {import('../../payloads').PresetList} PresetList */
/** @param {import('../../components/mount.js').Part & {data: PresetList | null}} part */
export default function start({root, data}) {
  /** @type {Shown} */
  let shown = {groups: [], typed: '', open: new Set()};
  /** @type {Acts} */
  const acts = {
    search: typed => draw({...shown, typed}),
    unfold: (method, isOpen) => {
      const open = new Set(shown.open);
      if (isOpen) open.add(method);
      else open.delete(method);
      draw({...shown, open});
    },
  };
  /** @param {Shown} changed */
  function draw(changed) {
    shown = changed;
    render(view(shown, acts), root);
  }
  /** @param {PresetList | null} told */
  function open(told) {
    if (told) draw({...shown, groups: told.groups});
  }
  open(data);
  return open;
}
