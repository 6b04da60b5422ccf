// The table: a row a prompt, a column a model. On a phone each row is a card.
import {empty} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {glyph} from '../../components/glyph.js';
import {html, ifDefined, nothing, repeat} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {kindName} from '../../components/kinds.js';
import {count, number} from '../../components/numbers.js';
import {counted, stepped} from './query.js';
import {deltaWords, digitsOf} from './words.js';

/** @typedef {import('../../payloads').AnswersPage} AnswersPage */
/** @typedef {import('../../payloads').AnswerColumn} AnswerColumn */
/** @typedef {import('../../payloads').AnswerCell} AnswerCell */
/** @typedef {import('../../payloads').AnswerRow} AnswerRow */
/** @typedef {import('./query.js').Query} Query */
/** @typedef {(changes: Partial<Query>) => void} Change */

/** @type {[import('./query.js').Result, 'wins' | 'losses' | 'ties', string, string][]} */
const COUNTS = [
  ['win', 'wins', 'win', 'wins'],
  ['loss', 'losses', 'loss', 'losses'],
  ['tie', 'ties', 'tie', 'ties'],
];

/** @param {AnswerColumn} column @param {AnswersPage} page @param {Query} query @param {Change} change */
function counts(column, page, query, change) {
  if (column.key === page.baseline) return html`<span class="rl-badge">baseline</span>`;
  return html`<span class="rl-row rl-wrap rl-tight"
    >${COUNTS.map(([result, field, one, many]) => {
      const isOn = page.other === column.key && query.result === result;
      return html`<button
        type="button"
        class=${`rl-btn sm rl-count ${result}`}
        aria-pressed=${String(isOn)}
        @click=${() => change(counted({...query, other: page.other}, column.key, result))}
      >
        ${count(column[field], one, many)}
      </button>`;
    })}</span
  >`;
}

/** @param {AnswerColumn} column @param {AnswersPage} page @param {Change} change */
function step(column, page, change) {
  if (column.source || !column.steps.length) return html`<span class="rl-sub">${column.sub}</span>`;
  const all = page.columns.map(one => one.key);
  return html`<label class="rl-sub"
    >probe, step
    <select
      class="rl-inp rl-step"
      aria-label=${`Step of ${column.title}`}
      @change=${(/** @type {any} */ {target}) => {
        const columns = stepped(all, column.key, target.value);
        const moved = columns[all.indexOf(column.key)];
        const follow = (/** @type {string} */ key) => (key === column.key ? moved : key);
        change({columns, baseline: follow(page.baseline), other: follow(page.other)});
      }}
    >
      ${column.steps.map(one => html`<option value=${one} ?selected=${one === column.step}>${one}</option>`)}
    </select></label
  >`;
}

/** The mean, and how what it is of was drawn. @param {AnswerColumn} column @param {AnswersPage} page */
const drawn = (column, page) =>
  html`<span class="rl-sub rl-num"
      >mean ${number(column.mean, digitsOf(page.score))} of ${count(column.answers, 'prompt')}</span
    ><span class="rl-sub rl-num">${column.drawn}</span>`;

/** Why the means of columns say nothing against each other, where they do not. @param {AnswersPage} page */
const apart = ({apart: ways}) =>
  ways.length
    ? html`<p class="rl-small rl-anote rl-apart" role="note">
        ${icon('warn')}<span
          >These columns were drawn differently (${ways.join(', ')}), so their means do not compare.</span
        >
      </p>`
    : nothing;

/** @param {AnswerColumn} column @param {AnswersPage} page @param {Query} query @param {Change} change */
function head(column, page, query, change) {
  const keys = page.columns.map(one => one.key);
  const drop = () => change({columns: keys.filter(key => key !== column.key)});
  return html`<th scope="col" class="rl-acol">
    <span class="rl-who">${glyph(column.palette)}${column.title}</span>
    ${step(column, page, change)} ${drawn(column, page)} ${counts(column, page, query, change)}
    <span class="rl-row rl-tight"
      >${
        column.key === page.baseline
          ? nothing
          : button(
              'Pin as baseline',
              () => change({baseline: column.key, other: page.baseline, result: ''}),
              {
                kind: 'sm',
              },
            )
      }${
        keys.length > 1
          ? html`<button
              type="button"
              class="rl-icon-btn"
              aria-label=${`Take ${column.title}, ${column.sub} away`}
              @click=${drop}
            >
              ${icon('x')}
            </button>`
          : nothing
      }</span
    >
  </th>`;
}

/** @param {AnswerCell} cell @param {AnswersPage} page */
function facts(cell, page) {
  const digits = digitsOf(page.score);
  const better = cell.delta === null || cell.delta === 0 ? '' : cell.delta > 0 ? 'up' : 'down';
  const words = deltaWords(cell.delta, page.score);
  return html`<span class="rl-afacts rl-num"
    ><b>${number(cell.score, digits)}</b
    >${words ? html` <span class=${`rl-delta ${better}`}>${words}</span>` : nothing}
    ${cell.seeds > 1 ? html`<span class="rl-faint">± ${number(cell.spread, 2)}</span>` : nothing}
    <span class="rl-faint"
      >${count(cell.words, 'word')}${cell.finish === 'cut at the limit' ? ', cut' : ''}</span
    ></span
  >`;
}

/** What may scroll can be reached by keyboard. @param {string} said */
const stop = said => (said.length > 200 || said.split('\n').length > 8 ? 0 : undefined);

/**
 * Its spaces count, so none of the template's may stand beside it.
 * @param {string} said
 * @param {string} kind
 */
const text = (said, kind) =>
  html`<p
    class=${`rl-atext ${kind}`}
    tabindex=${ifDefined(stop(said))}
    .textContent=${said || 'nothing was written'}
  ></p>`;

/** @param {AnswerCell | undefined} cell @param {AnswerColumn} column @param {AnswersPage} page */
function answer(cell, column, page) {
  const label = `${column.title}, ${column.sub}`;
  if (!cell)
    return html`<td class="full rl-acell" data-l=${label}><span class="rl-faint">not asked</span></td>`;
  return html`<td class="full rl-acell" data-l=${label}>
    ${cell.error ? html`<p class="rl-why">${cell.error}</p>` : text(cell.text, cell.text ? '' : 'rl-faint')}
    ${cell.error ? nothing : facts(cell, page)}
    ${
      cell.others.length
        ? html`<details>
            <summary>${count(cell.others.length, 'more seed')}</summary>
            ${cell.others.map(other => text(other, 'rl-muted'))}
          </details>`
        : nothing
    }
  </td>`;
}

const LONG = 120; // characters that a card on a phone surely shows without a cut

/** On a phone long texts are cut in their cards until this is pressed. @param {AnswerRow} row */
function whole({question, cells}) {
  const texts = [question, ...cells.map(({text: said}) => said)];
  if (!texts.some(said => said.length > LONG || said.split('\n').length > 2)) return nothing;
  return html`<button
    type="button"
    class="rl-btn sm rl-awhole"
    aria-expanded="false"
    @click=${(/** @type {{currentTarget: HTMLElement}} */ {currentTarget: pressed}) => {
      const isWhole = pressed.closest('tr')?.toggleAttribute('data-whole') ?? false;
      pressed.setAttribute('aria-expanded', String(isWhole));
    }}
  >
    Show all of it
  </button>`;
}

/**
 * @param {AnswerRow} row
 * @param {AnswersPage} page
 * @param {(item: string) => void} open its answers in panes
 */
function line(row, page, open) {
  const cells = new Map(row.cells.map(cell => [cell.column, cell]));
  return html`<tr id=${`row-${row.item}`}>
    <th scope="row" class="full rl-aprompt">
      <span class="rl-atext" tabindex=${ifDefined(stop(row.question))} .textContent=${row.question}></span>
      <span class="rl-sub">${kindName(row.kind)}${row.right ? html`, right: ${row.right}` : nothing}</span>
      ${button('Open in panes', () => open(row.item), {kind: 'sm'})} ${whole(row)}
    </th>
    ${page.columns.map(column => answer(cells.get(column.key), column, page))}
  </tr>`;
}

/** @param {AnswersPage} page @param {Query} query @param {Change} change */
function none(page, query, change) {
  if (!page.all) return empty('No answers yet', 'They appear here as they are written.');
  const all = button('Show all prompts', () => change({text: '', kind: '', result: ''}), {kind: 'sm'});
  return empty(
    'No prompt fits',
    query.text ? `Nothing holds “${query.text}”.` : 'There is none like this.',
    all,
  );
}

/** @param {AnswersPage} page @param {Query} query @param {Change} change */
function pager(page, {offset}, change) {
  const to = Math.min(offset + page.size, page.total);
  const shown = `${Math.min(offset + 1, page.total)} to ${to} of ${count(page.total, 'prompt')}`;
  const next = () => change({offset: offset + page.size});
  return html`<div class="rl-row rl-between rl-small rl-muted rl-pager">
    <span class="rl-num" role="status">${page.total ? shown : ''}</span>
    <span class="rl-row"
      >${button('Previous', () => change({offset: Math.max(0, offset - page.size)}), {
        kind: 'sm',
        disabled: offset === 0,
      })}
      ${button('Next', next, {kind: 'sm', disabled: to >= page.total})}</span
    >
  </div>`;
}

/**
 * @param {AnswersPage} page
 * @param {Query} query
 * @param {Change} change
 * @param {(item: string) => void} open a row's answers in panes
 */
export const table = (page, query, change, open) =>
  html`<div class="rl-ascroll" tabindex="0" role="region" aria-label="Answers, a row a prompt">
      <table class="rl-t rl-resp rl-answers-t">
        <caption class="rl-vh">
          Answers, a row a prompt
        </caption>
        <thead>
          <tr>
            <th scope="col">Prompt</th>
            ${page.columns.map(column => head(column, page, query, change))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            page.rows,
            row => row.item,
            row => line(row, page, open),
          )}
        </tbody>
      </table>
    </div>
    ${page.rows.length ? nothing : none(page, query, change)} ${pager(page, query, change)}`;

/**
 * On a phone the heads of columns are hidden, so what they offer stands above the cards.
 * @param {AnswersPage} page
 * @param {Query} query
 * @param {Change} change
 */
export const heads = (page, query, change) =>
  html`${apart(page)}
    <ul class="rl-aheads" aria-label="Models">
      ${page.columns.map(
        column =>
          html`<li>
            <span class="rl-who">${glyph(column.palette)}${column.title}</span>
            ${step(column, page, change)} ${drawn(column, page)} ${counts(column, page, query, change)}
          </li>`,
      )}
    </ul>`;
