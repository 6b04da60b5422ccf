// Have a judge vote: who is asked, how far it is, how it ended.
import {card, note, progress, skeleton} from '../../components/blocks.js';
import {button} from '../../components/button.js';
import {judgeControl} from '../../components/controls/judge.js';
import {html, live, nothing} from '../../components/html.js';
import {icon} from '../../components/icon.js';
import {count} from '../../components/numbers.js';
import {beneath, ending, isAtWork, soFar} from './judging_words.js';

/** @typedef {import('./judging.js').Judging} Judging */
/** @typedef {import('../../payloads').JudgeAtWork} JudgeAtWork */
/** @typedef {import('../../payloads').JudgingForm} JudgingForm */

/** What a link to this card ends in. */
export const PLACE = 'have-judge';
const ABOUT =
  'A judge compares the pairs of this set by its rubric, each in both orders. Its votes are marked as ' +
  'those of a machine, and stand beside those of people.';
const ADDRESS =
  "It speaks OpenAI's protocol, e.g. http://127.0.0.1:8000/v1. Prompts and answers are sent there, with " +
  'the key in RLFT_JUDGE_API_KEY if the app has one.';

/** @param {Judging} judging @param {JudgeAtWork} work */
const atWork = ({stop, isBusy}, work) =>
  html`<div class="rl-row rl-between rl-wrap">
      <span><b class="rl-model">${work.judge}</b> <span class="rl-num">${soFar(work)}</span></span>
      ${button('Stop', stop, {kind: 'danger sm', mark: 'stop', id: 'judging-stop', disabled: isBusy})}
    </div>
    ${progress(work.of ? (100 * work.done) / work.of : 0, 'Pairs judged')}
    <p class="rl-small rl-muted">${beneath(work)}</p>`;

/**
 * @param {'url' | 'most'} name
 * @param {string} title
 * @param {string} help
 * @param {Judging} judging
 */
const line = (name, title, help, judging) =>
  html`<div class="rl-fld">
    <label for=${`judging-${name}`}>${title}</label
    ><input
      class="rl-inp"
      id=${`judging-${name}`}
      autocomplete="off"
      aria-describedby=${`judging-${name}-help`}
      .value=${live(judging[name])}
      @input=${(/** @type {{target: HTMLInputElement}} */ {target}) => judging.type({[name]: target.value})}
    />
    <div class="rl-help" id=${`judging-${name}-help`}>${help}</div>
  </div>`;

/** @param {Judging} judging @param {JudgingForm} form */
function fields(judging, {judge, pairs}) {
  const control = {
    id: 'judging-judge',
    describedBy: 'judging-judge-help',
    isWrong: false,
    isLocked: judging.isBusy,
    typed: judging.judge,
    changed: (/** @type {Judging['judge']} */ typed) => judging.type({judge: typed}),
    isOpen: false,
    unfolded: () => {},
  };
  return html`<div class="rl-judging">
    <div class="rl-fld rl-judging-who">
      <label for="judging-judge">${judge.title}</label>${judgeControl(control, judge)}
      <div class="rl-help" id="judging-judge-help">${judge.help}</div>
    </div>
    ${
      judging.chosen.startsWith('endpoint:')
        ? line('url', 'Address of its server', ADDRESS, judging)
        : nothing
    }
    ${line('most', 'Pairs at most', `Left empty, all of ${count(pairs, 'pair')}.`, judging)}
  </div>`;
}

/** @param {Judging} judging */
function form(judging) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void judging.start();
  };
  if (!judging.form) return judging.problem ? nothing : skeleton(60, 38);
  return html`<form class="rl-stack" novalidate @submit=${submit}>
    ${fields(judging, judging.form)}
    <div class="rl-row">
      <button type="submit" class="rl-btn primary" id="judging-start" ?disabled=${judging.isBusy}>
        Start judging</button
      >${button('Cancel', judging.close)}
    </div>
  </form>`;
}

/** @param {Judging} judging */
const closed = ({open}) => html`<div>${button('Have a judge vote', open, {id: 'judging-open'})}</div>`;

/** @param {JudgeAtWork} work */
function ended(work) {
  const {kind, title, text} = ending(work);
  return note(kind, title, text);
}

/** @param {Judging} judging */
export function judgingCard(judging) {
  const {work, isOpen, problem} = judging;
  const body =
    work && isAtWork(work)
      ? atWork(judging, work)
      : html`<p class="rl-small rl-muted">${ABOUT}</p>
          ${work && !isOpen ? ended(work) : nothing} ${isOpen ? form(judging) : closed(judging)}`;
  const told = problem ? html`${icon('warn')}<span>${problem}</span>` : nothing;
  return card(
    {title: 'Have a judge vote', id: PLACE},
    html`<div class="rl-cb rl-stack-s">
      ${body}
      <div class="rl-err" role="alert">${told}</div>
    </div>`,
  );
}
