// Answers to prompts, a column for each step, new words underlined.
import {changesMarked} from '../../components/diff.js';
import {html, nothing, repeat} from '../../components/html.js';
import {markedText} from '../../components/marked.js';
import {number, signed} from '../../components/numbers.js';

/** @typedef {import('../../payloads').SampledAnswer} SampledAnswer */
/** @typedef {import('../../payloads').SampledPrompt} SampledPrompt */

/** @param {SampledAnswer} answer */
const scores = ({scores}) =>
  Object.entries(scores).map(
    ([name, value]) =>
      html`<span class="rl-num"
        >${name.replaceAll('_', ' ')} ${typeof value === 'number' ? signed(value, 1) : number(value)}</span
      >`,
  );

/** @param {SampledAnswer | null} answer @param {SampledAnswer | undefined} before */
function words(answer, before) {
  if (!answer) return html`<p class="rl-faint">Not asked at this step.</p>`;
  const text = before ? markedText(changesMarked(before.text, answer.text)) : answer.text;
  return html`<p>${answer.text || before ? text : '(an empty answer)'}</p>
    <div class="rl-sc">${scores(answer)}</div>`;
}

/** @param {SampledPrompt} prompt @param {number[]} steps */
const frames = ({answers}, steps) =>
  answers.map((answer, i) => {
    const before = answers.slice(0, i).findLast(Boolean) ?? undefined;
    return html`<div>
      <div class="rl-st"><b>Step ${steps[i]}</b></div>
      ${words(answer, before)}
    </div>`;
  });

/**
 * @param {SampledPrompt[]} prompts
 * @param {number[]} steps
 */
export const film = (prompts, steps) =>
  repeat(
    prompts,
    ({prompt, kind}) => `${kind} ${prompt}`,
    (shown, i) =>
      html`${
          !shown.own && prompts[i - 1]?.own
            ? html`<p class="rl-cb rl-small rl-muted">What it did to Lantern’s own skills:</p>`
            : nothing
        }
        <section>
          <h3 class="rl-prow">
            <span>${shown.prompt}</span><span class="rl-badge">${shown.kind.replaceAll('_', ' ')}</span>
          </h3>
          <div class="rl-film" style=${`--n:${steps.length}`}>${frames(shown, steps)}</div>
        </section>`,
  );
