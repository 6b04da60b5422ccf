// The last step: the summary, what differs from what was proposed, and what still stands in the way.
import {card, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {call, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {plan} from '../../components/plan.js';
import {audit} from './audit.js';
import {estimate} from './estimate.js';
import {refusal} from './refusal.js';
import {summary} from './review_summary.js';
import {stepAddress, stepName} from './steps.js';

/** @typedef {import('../../payloads').ReviewShown} ReviewShown */
/** @typedef {import('../../payloads').ReviewStep} ReviewStep */
/** @typedef {import('./audit.js').Trial} Trial */
/** @typedef {import('./estimate.js').Estimated} Estimated */

/** @param {ReviewStep} review */
function obstacles({problems}) {
  if (!problems.length) return nothing;
  const title =
    problems.length === 1
      ? 'One thing is missing before this can run'
      : `${problems.length} things are missing before this can run`;
  return refusal(
    title,
    html`<ul class="rl-small rl-obstacles">
      ${problems.map(
        ({message, step}) =>
          html`<li>${message} ${link(stepAddress(step), `Back to ${stepName(step)}`)}</li>`,
      )}
    </ul>`,
  );
}

/** @param {ReviewStep} review */
function stages({stages}) {
  if (!stages.length) return nothing;
  const body = html`<div class="rl-cb">${plan(stages)}</div>`;
  return card({title: 'Stages', sub: 'in this order', id: 'stages'}, body);
}

/** @param {ReviewStep} review @param {Trial | null} trial @param {Estimated | null} estimated */
const view = (review, trial, estimated) =>
  html`<div class="rl-stack">
    ${obstacles(review)} ${summary(review)} ${estimated ? estimate(estimated) : nothing} ${stages(review)}
    ${trial ? audit(trial) : nothing}
  </div>`;

/** @param {import('../../components/mount.js').Part & {data: ReviewShown | null}} part */
export default function start({root, server, data}) {
  /** @type {ReviewStep | null} */
  let review = null;
  /** @type {Trial | null} */
  let trial = null;
  /** @type {Estimated | null} */
  let estimated = null;

  const draw = () => render(review ? view(review, trial, estimated) : skeleton(38, 92, 84, 60), root);

  /** Where a model is not on this machine yet, nothing is tried. @param {ReviewStep} tried */
  async function tryTemplate(tried) {
    if (!tried.audit) return;
    /** @type {Trial | null} */
    const outcome = await call(server.audit, tried.audit).then(
      ({found}) => (found ? {found, problem: ''} : null),
      error => ({found: null, problem: sentence(error)}),
    );
    if (tried !== review) return; // the answer to an earlier summary
    trial = outcome;
    draw();
  }

  /** Of an earlier summary nothing is shown. @param {ReviewStep} asked @param {boolean} measures */
  async function estimateStages(asked, measures) {
    const outcome = await call(server.estimate, {spec: asked.estimated, measures}).then(
      ({found}) => ({found, problem: '', isMeasuring: false}),
      error => ({found: null, problem: sentence(error), isMeasuring: false}),
    );
    if (asked !== review) return;
    const isMeasuring = !measures && (outcome.found?.is_measurable ?? false);
    estimated = {...outcome, isMeasuring};
    draw();
    if (isMeasuring) await estimateStages(asked, true);
  }

  /** @param {ReviewShown | null} changed */
  function open(changed) {
    if (changed?.go) return location.assign(changed.go.startsWith('/run?') ? changed.go : '/');
    review = changed?.review ?? null;
    trial = review?.audit ? {found: null, problem: ''} : null;
    estimated = review?.estimated ? {found: null, problem: '', isMeasuring: false} : null;
    draw();
    if (review) void tryTemplate(review);
    if (review?.estimated) void estimateStages(review, false);
  }
  open(data);
  return open;
}
