// Compare: the same prompt answered by several models, side by side.
import {address} from '../../components/address.js';
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {button, link} from '../../components/button.js';
import {sentence, NoAnswer} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {pageTitle} from '../../components/page_title.js';
import {segment} from '../../components/segment.js';
import {Comparing} from './comparing.js';
import {CopyLink, copyButton} from './copy_link.js';
import {earlier} from './earlier.js';
import {exportMenu} from './export_menu.js';
import {nextInAll} from './draws.js';
import {Film, showChoice} from './film.js';
import {canFollow, followUp} from './follow_up.js';
import {compareForm} from './form.js';
import {pressRun} from './form_state.js';
import {called, isOver} from './pane_words.js';
import {panes, scrollToNewest} from './panes.js';
import {AGAINST} from './query.js';
import {ScoreWith} from './score_with.js';
import {seedChoice} from './seed_choice.js';

/** @typedef {import('../../components/html.js').View} View */
/** @typedef {import('../../payloads').CompareForm} CompareForm */
/** @typedef {import('./query.js').Against} Against */
/**
 * @typedef {object} State
 * @property {Comparing} comparing
 * @property {Film} film
 * @property {CopyLink} copyLink
 * @property {ScoreWith} scoreWith
 * @property {string} failure
 */

const SILENT = 'The app did not answer. Reload the page.';

/** @param {State} state */
function head({comparing: {shown, take}, copyLink}) {
  const saved = shown ? ` Saved as comparison ${shown.comparison.id}.` : '';
  const text = `Same prompt, same seed, side by side.${saved}`;
  const own = shown ? html`${exportMenu(take)}${voteBlind(shown)}` : nothing;
  const links = html`${link('/answers', 'Answers', 'rl-btn')}${link('/score', 'Score text', 'rl-btn')}`;
  const acts = html`${links}${copyButton(copyLink)}${own}`;
  return pageTitle({title: 'Compare', text, acts});
}

/** The usual ways, and a pane that was chosen. @param {Comparing} comparing @returns {[string, View][]} */
function markings({shown, against}) {
  const number = /^pane (\d+)$/.exec(against)?.[1];
  const pane = number && shown?.comparison.panes[Number(number) - 1];
  return pane ? [...AGAINST, [against, called(pane)]] : AGAINST;
}

/** Opens the ways to score what is shown. @param {ScoreWith} scoreWith */
const scoreButton = ({isOpen, toggle}) =>
  html`<button
    type="button"
    class="rl-btn sm"
    aria-expanded=${String(isOpen)}
    aria-controls="compare-scoring"
    @click=${toggle}
  >
    Score with…
  </button>`;

/** @param {ScoreWith} scoreWith */
function scoring({isOpen, view, problems}) {
  const {open: failure} = problems;
  const body = failure ? note('bad', 'There is nothing to choose from', failure) : skeleton(38, 92, 60);
  return html`<section
    class="rl-card rl-scoring"
    id="compare-scoring"
    aria-label="Score the answers with"
    ?hidden=${!isOpen}
  >
    ${isOpen ? (view ?? html`<div class="rl-cb">${body}</div>`) : nothing}
  </section>`;
}

/** @param {NonNullable<Comparing['shown']>} shown */
const voteBlind = shown => link(address('/vote', {comparison: shown.comparison.id}), 'Vote blind', 'rl-btn');

/** What marks are made against, and what they mean. @param {State} state */
function tools({comparing, scoreWith}) {
  const {shown, against, markAgainst, show, showAs, draws, showSeed, isBusy, allAgain, remove} = comparing;
  if (!shown) return nothing;
  const marking = html`<span
    ><span class="rl-k">Mark words against</span>${segment(
      {
        label: 'Mark words against',
        name: 'rl-compare-mark',
        value: against,
        options: markings(comparing),
      },
      chosen => markAgainst(/** @type {Against} */ (chosen)),
    )}</span
  >`;
  const key = html`<span class="rl-xs rl-faint rl-row"
    ><span><ins>underlined</ins> new words</span><span><span class="rl-same">grey</span> the same</span></span
  >`;
  const next = button(nextInAll(shown.comparison), allAgain, {kind: 'sm', disabled: isBusy});
  const away = button('Delete', remove, {kind: 'sm danger'});
  return html`<div class="rl-row rl-between rl-wrap rl-compare-tools">
      <div class="rl-tools">
        ${shown.film ? showChoice(show, showAs) : nothing}${show === 'panes' ? marking : nothing}${seedChoice(
          shown.comparison,
          draws,
          showSeed,
        )}
      </div>
      <div class="rl-tools">${key}${scoreButton(scoreWith)}${next}${away}</div>
    </div>
    ${scoring(scoreWith)}`;
}

/** @param {Comparing} comparing */
const unasked = ({form}) =>
  html`<div class="rl-card">
    ${empty('No answers yet', `${pressRun(form)} Their answers appear here, word by word.`)}
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

/** @param {State} state */
function answers({comparing, film}) {
  const {choices, shown, show} = comparing;
  if (shown?.film && show === 'steps') return film.view(shown, shown.film, comparing.draws);
  if (shown) return panes({...comparing, shown, draws: comparing.draws});
  if (!choices) return nothing;
  return choices.runs.length ? unasked(comparing) : nothingToCompare();
}

/** @param {State} state */
function form({comparing, failure}) {
  if (failure) return note('bad', 'This page could not be filled', failure);
  const {choices, adding} = comparing;
  if (!choices) return html`<div class="rl-card rl-cb">${skeleton(38, 92, 60)}</div>`;
  return compareForm({...comparing, choices, adding, run: () => void comparing.run()});
}

/** @param {Comparing} comparing */
const undo = ({deleted, undoRemove}) =>
  deleted
    ? html`<div class="rl-note rl-undo" role="status">
        <span>Deleted.</span><button type="button" class="rl-link" @click=${undoRemove}>Undo</button>
      </div>`
    : nothing;

/** @param {Comparing} comparing */
function goingOn({shown, show, next, isBusy, problems, typeNext, goOn}) {
  if (!shown || show === 'steps' || !canFollow(shown.comparison)) return nothing;
  return followUp({text: next, isBusy, problems, type: typeNext, ask: goOn});
}

/** @param {State} state */
function view(state) {
  const {comparing} = state;
  const {shown, earlier: older} = comparing;
  const isWriting = shown && !isOver(shown.comparison);
  return html`<div class="rl-stack">
    ${head(state)}
    <div>${form(state)}</div>
    <div>
      ${undo(comparing)} ${tools(state)}
      <div class=${`rl-panes-holder ${isWriting ? 'rl-writing' : ''}`}>${answers(state)}</div>
      ${goingOn(comparing)}
      <p class="rl-xs rl-faint rl-place">${shown?.comparison.note}</p>
      <div>${older.length ? earlier(older) : nothing}</div>
    </div>
  </div>`;
}

/** @param {import('../../components/mount.js').Part & {data: CompareForm}} part */
export default function start({root, server, data}) {
  let failure = '';
  const draw = () => {
    render(view({comparing, film, copyLink, scoreWith, failure}), root);
    if (comparing.choices) root.dataset.ready = '';
    scrollToNewest(root);
  };
  const copyLink = new CopyLink(draw);
  const film = new Film({root, server, draw});
  const comparing = new Comparing({
    root,
    server,
    fields: data.sampling,
    most: data.most_prompts,
    isTyped: data.typed,
    draw,
  });
  const scoreWith = new ScoreWith({server, comparing, draw});
  draw();
  comparing.open().catch(error => {
    failure = error instanceof NoAnswer && error.told ? sentence(error) : SILENT;
    draw();
  });
}
