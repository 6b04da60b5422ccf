// The answers with what they get: a number, its place among known answers, attributes, rules.
import {card, note, progress} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {html, nothing} from '../../components/html.js';
import {count, number, signed} from '../../components/numbers.js';
import {save} from '../../components/save.js';
import {figure, scaleOf} from '../../components/scorers/figures.js';
import {segment} from '../../components/segment.js';
import {inWords} from '../../components/titles.js';
import {titleOf} from './form.js';
import {placeWords, rangeOf} from './places.js';
import {strip} from './strip.js';
import {asCsv, asJsonLines, askedBy, ordered} from './texts.js';

/** @typedef {import('./scoring.js').Scoring} Scoring */
/** @typedef {import('../../payloads').AnswerScore} AnswerScore */
/** @typedef {import('../../payloads').AnswerToScore} AnswerToScore */
/** @typedef {Record<string, [number, number]>} Ranges */

const LONG = 400; // characters; the rest of a longer answer is folded away
/** @type {[import('./texts.js').Order, string][]} */
const ORDERS = [
  ['given', 'As given'],
  ['high', 'Highest'],
  ['low', 'Lowest'],
];

/** What is said beside the reward, with the digits that Compare's panes have. @param {AnswerScore} score */
const parts = ({attributes, terms}) => [
  ...Object.entries(attributes).map(([name, value]) => [inWords(name), signed(value)]),
  ...Object.entries(terms).map(([name, value]) => [
    name,
    figure(value, {name, scale: scaleOf(name, [value])}),
  ]),
];

/**
 * @param {AnswerScore | undefined} score
 * @param {string} model
 * @param {Scoring} scoring
 * @param {Ranges} ranges
 */
function scored(score, model, scoring, ranges) {
  if (!score)
    return html`<span class="rl-faint rl-xs"
      >${scoring.failures[model] || !scoring.isBusy ? 'not scored' : 'waiting'}</span
    >`;
  const known = scoring.known[model];
  const {reward, place} = score;
  return html`<div class="rl-scored">
    ${
      reward == null
        ? html`<span class="rl-wrong rl-small">${score.error}</span>`
        : html`<span class="rl-num rl-b">${signed(reward)}</span>
            ${known ? strip(known, ranges[model], reward, place) : nothing}
            <span class="rl-xs rl-faint">${placeWords(place)}</span>`
    }
    ${parts(score).map(
      ([name, value]) =>
        html`<div class="rl-kv rl-xs"><span>${name}</span><span class="rl-num">${value}</span></div>`,
    )}
    ${score.note ? html`<span class="rl-xs rl-faint">${score.note}</span>` : nothing}
  </div>`;
}

/** @param {string} text */
function said(text) {
  if (!text) return html`<span class="rl-faint">empty</span>`;
  if (text.length <= LONG) return html`<span class="rl-score-said">${text}</span>`;
  const start = `${text.slice(0, LONG)}…`;
  return html`<details>
    <summary class="rl-score-said">${start}</summary>
    <span class="rl-score-said">${text}</span>
  </details>`;
}

/** @param {AnswerToScore} answer @param {number} at @param {Scoring} scoring @param {Ranges} ranges */
const row = (answer, at, scoring, ranges) =>
  html`<tr>
    <td data-l="Row" class="rl-num rl-faint">${answer.row ?? at + 1}</td>
    <td class="full rl-score-text">
      ${answer.prompt?.length ? html`<span class="rl-sub">${askedBy(answer)}</span>` : nothing}
      ${said(answer.text)}
    </td>
    ${Object.entries(scoring.found).map(
      ([model, scores]) =>
        html`<td data-l=${titleOf(model, scoring)}>${scored(scores[at], model, scoring, ranges)}</td>`,
    )}
  </tr>`;

/** @param {Scoring} scoring */
function rangesOf({found, known}) {
  /** @type {Ranges} */
  const ranges = {};
  for (const [model, scores] of Object.entries(found)) {
    const own = known[model];
    const rewards = scores.flatMap(({reward}) => (reward == null ? [] : [reward]));
    if (own) ranges[model] = rangeOf(own, rewards);
  }
  return ranges;
}

/** @param {Scoring} scoring */
function table(scoring) {
  const ranges = rangesOf(scoring);
  const models = Object.keys(scoring.found);
  const places = ordered(scoring.answers.length, scoring.found, scoring.order);
  return html`<div class="rl-score-table" tabindex="0" role="region" aria-label="Scores">
    <table class="rl-t rl-resp">
      <caption class="rl-vh">
        Scores by answer and reward model
      </caption>
      <thead>
        <tr>
          <th scope="col">Row</th>
          <th scope="col">Answer</th>
          ${models.map(model => html`<th scope="col">${titleOf(model, scoring)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${places.slice(0, scoring.shown).map(at => row(scoring.answers[at], at, scoring, ranges))}
      </tbody>
    </table>
  </div>`;
}

/** @param {Scoring} scoring */
function rest({answers, shown, showMore}) {
  const left = answers.length - shown;
  if (left <= 0) return nothing;
  return html`<div class="rl-cb">${button(`Show more of ${number(left)}`, showMore, {kind: 'sm'})}</div>`;
}

/** @param {Scoring} scoring */
const failures = scoring =>
  Object.entries(scoring.failures).map(([model, told]) =>
    note('bad', `${titleOf(model, scoring)} scored no further`, told),
  );

/** What the strips show, in words. @param {Scoring} scoring */
function legend({choices, known, found}) {
  const own = Object.keys(found).flatMap(model => known[model] ?? []);
  const hasSides = own.some(({by_side: sides}) => 'chosen' in sides);
  const isTrained = own.some(({is_held_out: isHeldOut}) => !isHeldOut);
  return html`<p class="rl-xs rl-faint rl-score-legend">
    ${choices?.reward_is}
    ${
      hasSides
        ? html`<span class="rl-key"
            >Strip: <i class="up"></i>chosen, <i class="down"></i>rejected answers whose verdict is
            known.</span
          >`
        : nothing
    }
    ${isTrained ? 'Nothing was held out: the known answers are some that it was trained on.' : nothing}
  </p>`;
}

/** @param {Scoring} scoring */
function tools({answers, found, order, arrange}) {
  return html`<div class="rl-row rl-wrap">
    ${segment({label: 'Order', name: 'rl-score-order', value: order, options: ORDERS}, chosen =>
      arrange(/** @type {import('./texts.js').Order} */ (chosen)),
    )}
    ${button('JSONL', () => save('scores.jsonl', asJsonLines(answers, found)), {kind: 'sm'})}
    ${button('CSV', () => save('scores.csv', asCsv(answers, found)), {kind: 'sm'})}
  </div>`;
}

/** @param {Scoring} scoring */
export function results(scoring) {
  const total = scoring.answers.length * Object.keys(scoring.found).length;
  const done = Object.values(scoring.found).reduce((sum, {length}) => sum + length, 0);
  const sub =
    done < total ? `${number(done)} of ${number(total)} scored` : count(scoring.answers.length, 'answer');
  return html`${failures(scoring)}
  ${card(
    {title: 'Scores', sub, tools: done ? tools(scoring) : nothing, id: 'scores'},
    html`${scoring.isBusy ? progress((100 * done) / total, 'Answers scored') : nothing} ${table(scoring)}
    ${rest(scoring)} ${legend(scoring)}`,
  )}`;
}
