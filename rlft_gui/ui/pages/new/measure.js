// How a pipeline is judged: held-out prompts, what scores answers to them, and what that keeps out of
// training. What is typed goes into the draft; Python says what follows from it.
import {note} from '../../components/blocks.js';
import {call} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {formOf, withOpen, withTyped} from './form.js';
import {holder} from './held.js';
import {settingsGroup} from './settings_group.js';

/** @typedef {import('../../payloads').MeasureStep} MeasureStep */
/** @typedef {import('./form.js').Form} Form */

/** @param {MeasureStep} told */
const notes = ({kept_out, unjudged}) => html`
  ${kept_out.length ? note('', 'Kept out of training', kept_out.join(' ')) : nothing}
  ${unjudged ? note('warn', 'No judge yet', unjudged) : nothing}
`;

/** @param {Form} form @param {import('./settings_group.js').Acts} acts */
export const view = (form, acts) => {
  const told = /** @type {MeasureStep} */ (form.told);
  if (!told.groups.length) return nothing;
  return html`<div class="rl-stack">
    ${settingsGroup(told.groups[0], 0, form, acts)} ${notes(told)}
    <p class="rl-small rl-quiet">
      Rows of your own for this: add the file above or by <code>rlft data add</code>, mark it as held-out
      prompts on <a href="/data">Data</a>, and choose it here.
    </p>
  </div>`;
};

/** @param {import('../../components/mount.js').Part & {data: MeasureStep | null}} part */
export default function start({root, props, trigger, server, data}) {
  /** @type {Form | null} */
  let form = null;
  const held = holder({props, trigger});

  /** @type {import('./settings_group.js').Acts} */
  const acts = {
    change: (group, field, typed) => {
      if (!form) return;
      draw(withTyped(form, group, field, typed));
      held.hold({draft: form.told.draft});
      follow(form);
    },
    unfold: (id, isOpen) => {
      if (form) draw(withOpen(form, id, isOpen));
    },
  };
  /** @param {Form} changed */
  function draw(changed) {
    form = changed;
    render(view(form, acts), root);
  }
  /**
   * What Python makes of what was typed; where more was typed meanwhile, its answer to that comes too.
   * @param {Form} before
   */
  async function follow({told: {draft}}) {
    const told = await call(server.fill_measure, draft).catch(() => null); // Review asks again
    if (told && form?.told.draft === draft) {
      draw({...form, told: {...told, draft}, problems: told.problems});
    }
  }
  /** @param {MeasureStep | null} told */
  function open(told) {
    if (!told?.groups || held.isOwn()) return;
    draw(formOf(told, form?.open));
    if (new URLSearchParams(location.search).has('judge')) root.scrollIntoView();
  }
  open(data);
  return open;
}
