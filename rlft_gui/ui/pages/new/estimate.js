// What each stage will need of memory and time: a line each, which opens to its parts and ways to need less.
import {badge} from '../../components/badge.js';
import {card, skeleton} from '../../components/blocks.js';
import {html, nothing} from '../../components/html.js';
import {fact} from './fact.js';
import {about, ofMemory, partName, roundOf, timeInWords, timeOfAll} from './estimate_words.js';
import {refusal} from './refusal.js';

/** @typedef {import('../../payloads').PipelineEstimate} PipelineEstimate */
/** @typedef {PipelineEstimate['stages'][number]} StageEstimate */
/**
 * `found` is null while it is worked out; `isMeasuring`: how fast this machine is, is being found out.
 * @typedef {{found: PipelineEstimate | null, problem: string, isMeasuring: boolean}} Estimated
 */

/** @typedef {import('../../components/badge.js').Kind} Kind */
/** @typedef {import('../../components/icon.js').IconName} IconName */
/** @type {Record<string, [Kind, IconName]>} */
const VERDICTS = {fits: ['good', 'check'], tight: ['warn', 'warn'], 'will not fit': ['bad', 'x']};

/** @param {Estimated} estimated */
export const estimate = estimated =>
  card({title: 'Memory and time', sub: 'estimated', id: 'estimate'}, html`<div>${contents(estimated)}</div>`);

/** @param {Estimated} estimated */
function contents({found, problem, isMeasuring}) {
  if (problem) return html`<div class="rl-cb">${refusal('This could not be estimated', problem)}</div>`;
  if (!found) return skeleton(64, 58);
  if (found.unknown) return html`<div class="rl-cb rl-small rl-muted">${found.unknown}</div>`;
  return html`<ul class="rl-estimates">
      ${found.stages.map(one => stage(one, found, isMeasuring))}
    </ul>
    <div class="rl-cb rl-small rl-muted">${timeOfAll(found.stages, isMeasuring)}</div>`;
}

/** @param {StageEstimate} one @param {PipelineEstimate} all @param {boolean} isMeasuring */
const stage = (one, all, isMeasuring) =>
  html`<li>
    <details>
      <summary>
        <b>${one.title}</b>${roundOf(one, all.stages)}
        <span>${ofMemory(one.bytes, all.total)}</span>
        ${badge(...VERDICTS[one.verdict], one.verdict)}
        <span class="rl-muted">${timeInWords(one.time, isMeasuring)}</span>
      </summary>
      ${ways(one)}
      <dl class="rl-dl">${parts(one).map(([name, size]) => fact(partName(name), about(size)))}</dl>
    </details>
  </li>`;

const MEGABYTE = 1e6;

/** The largest first, none that says nothing. @param {StageEstimate} one */
const parts = ({parts}) =>
  Object.entries(parts)
    .filter(([, size]) => size >= MEGABYTE)
    .sort(([, one], [, other]) => other - one);

/** @param {StageEstimate} one */
function ways({ways}) {
  if (!ways.length) return nothing;
  return html`<p class="rl-small">Ways to need less:</p>
    <ul class="rl-ways rl-small">
      ${ways.map(
        way =>
          html`<li>
            <b>${way.words}</b>: ${about(way.bytes)}, ${way.verdict}.
            <span class="rl-faint">${way.costs}</span>
          </li>`,
      )}
    </ul>`;
}
