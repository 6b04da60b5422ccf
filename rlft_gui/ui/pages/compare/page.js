// Compare: the same prompt answered by several models, side by side.
import {address} from '../../components/address.js';
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {sentence, NoAnswer} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {pageTitle} from '../../components/page_title.js';
import {segment} from '../../components/segment.js';
import {Comparing} from './comparing.js';
import {CopyLink, copyButton} from './copy_link.js';
import {earlier} from './earlier.js';
import {compareForm} from './form.js';
import {isOver} from './pane_words.js';
import {panes, scrollToNewest} from './panes.js';
import {AGAINST} from './query.js';

/** @typedef {import('../../components/html.js').View} View */
/** @typedef {import('../../payloads').CompareForm} CompareForm */
/** @typedef {import('./query.js').Against} Against */

const SILENT = 'The app did not answer. Reload the page.';

/** @param {Comparing} comparing @param {CopyLink} copyLink */
function head({shown}, copyLink) {
  const saved = shown ? ` Saved as comparison ${shown.comparison.id}.` : '';
  const text = `Same prompt, same seed, one batch.${saved}`;
  const links = html`${link('/answers', 'Answers', 'rl-btn')}${link('/score', 'Score text', 'rl-btn')}`;
  const acts = html`${voteBlind(shown)}${links}${copyButton(copyLink)}`;
  return pageTitle({title: 'Compare', text, acts});
}

/** @param {Comparing['shown']} shown */
const voteBlind = shown =>
  shown ? link(address('/vote', {comparison: shown.comparison.id}), 'Vote blind', 'rl-btn') : nothing;

/** What marks are made against, and what they mean. @param {Comparing} comparing */
const tools = ({shown, against, markAgainst}) =>
  html`<div class="rl-row rl-between rl-wrap rl-compare-tools" ?hidden=${!shown}>
    <div class="rl-tools">
      <span
        ><span class="rl-k">Mark words against</span>${segment(
          {label: 'Mark words against', name: 'rl-compare-mark', value: against, options: AGAINST},
          chosen => markAgainst(/** @type {Against} */ (chosen)),
        )}</span
      >
    </div>
    <span class="rl-xs rl-faint rl-row"
      ><span><ins>underlined</ins> new words</span
      ><span><span class="rl-same">grey</span> the same</span></span
    >
  </div>`;

const unasked = () =>
  html`<div class="rl-card">
    ${empty(
      'No answers yet',
      'Run asks all models at once, with the same prompt and the same seed. Their answers appear here, ' +
        'word by word.',
    )}
  </div>`;

const nothingToCompare = () =>
  card(
    {title: 'Nothing to compare with yet', id: 'compare-nothing'},
    empty(
      'No run has a complete checkpoint',
      'The base can be asked already. A run can be compared as soon as it has saved its first checkpoint.',
      link('/', 'Go to the quick tour', 'rl-btn'),
    ),
  );

/** @param {Comparing} comparing */
function answers({choices, shown, against}) {
  if (shown) return panes(shown, against);
  if (!choices) return nothing;
  return choices.runs.length ? unasked() : nothingToCompare();
}

/** @param {Comparing} comparing @param {string} failure why the page could not be filled */
function form(comparing, failure) {
  if (failure) return note('bad', 'This page could not be filled', failure);
  const {choices} = comparing;
  if (!choices) return html`<div class="rl-card rl-cb">${skeleton(38, 92, 60)}</div>`;
  return compareForm({...comparing, choices});
}

/** @param {Comparing} comparing @param {CopyLink} copyLink @param {string} failure */
function view(comparing, copyLink, failure) {
  const {shown, earlier: older} = comparing;
  const isWriting = shown && !isOver(shown.comparison);
  return html`<div class="rl-stack">
    ${head(comparing, copyLink)}
    <div>${form(comparing, failure)}</div>
    <div>
      ${tools(comparing)}
      <div class=${`rl-panes-holder ${isWriting ? 'rl-writing' : ''}`}>${answers(comparing)}</div>
      <p class="rl-xs rl-faint rl-place">${shown?.comparison.note}</p>
      <div>${older.length ? earlier(older) : nothing}</div>
    </div>
  </div>`;
}

/** @param {import('../../components/mount.js').Part & {data: CompareForm}} part */
export default function start({root, server, data}) {
  let failure = '';
  const draw = () => {
    render(view(comparing, copyLink, failure), root);
    if (comparing.choices) root.dataset.ready = '';
    scrollToNewest(root);
  };
  const copyLink = new CopyLink(draw);
  const comparing = new Comparing({root, server, fields: data.sampling, draw});
  draw();
  comparing.open().catch(error => {
    failure = error instanceof NoAnswer && error.told ? sentence(error) : SILENT;
    draw();
  });
}
