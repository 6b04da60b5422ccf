// The fourth step: the fields of every stage. What is typed goes into the draft; a sentence comes from Python
// when a field is left, and new proposals when a choice changes them.
import {call} from '../../components/call.js';
import {html, render, repeat} from '../../components/html.js';
import {formOf, withOpen, withProblems, withTyped} from './form.js';
import {holder} from './held.js';
import {judgeOnLeaving} from './leaving.js';
import {settingsGroup} from './settings_group.js';
import {settingsIndex} from './settings_index.js';

/** @typedef {import('../../payloads').SettingsStep} SettingsStep */
/** @typedef {import('./form.js').Form} Form */

const FIELDS = ':is(input:not([type=radio], [type=checkbox]), textarea, select)';

/** @param {Form} form @param {import('./settings_group.js').Acts} acts */
const view = (form, acts) =>
  html`<div class="rl-set-cols">
    <div class="rl-stack">
      ${repeat(
        form.told.groups,
        ({name}) => name,
        (group, place) => settingsGroup(group, place, form, acts),
      )}
    </div>
    ${settingsIndex(form)}
  </div>`;

/** @param {import('../../components/mount.js').Part & {data: SettingsStep | null}} part */
export default function start({root, props, trigger, server, data}) {
  /** @type {Form | null} */
  let form = null;
  let asked = 0;
  const held = holder({props, trigger});

  /** @type {import('./settings_group.js').Acts} */
  const acts = {
    change: (group, field, typed) => {
      if (!form) return;
      draw(withTyped(form, group, field, typed));
      held.hold({draft: form.told.draft});
      if (form.told.reshaping.includes(field.name)) refill(form);
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
   * A choice such as LoRA or full changes what is proposed, here and in stages that go on from it. Whatever
   * was typed while Python answered is asked again with the rest.
   * @param {Form} before
   */
  async function refill({told: {draft}}) {
    const mine = (asked += 1);
    const told = await call(server.fill_settings, draft).catch(() => null); // continuing asks again
    if (!told || !form || mine !== asked) return;
    if (form.told.draft !== draft) refill(form);
    else draw(formOf(told, form.open));
  }
  async function judge() {
    if (!form) return;
    const {draft} = form.told;
    const answer = await call(server.validate_settings, draft).catch(() => null); // continuing asks again
    if (answer) draw(withProblems(form, answer.problems));
  }
  /** @param {SettingsStep | null} told */
  function open(told) {
    if (!told?.groups || held.isOwn()) return;
    // Whoever is sent back to this step finds it as it was left.
    const isSentBack = Object.keys(told.problems).length > 0;
    draw(formOf(told, isSentBack ? form?.open : undefined));
    /** @type {HTMLElement | null} */
    const wrong = root.querySelector('[aria-invalid]');
    wrong?.focus();
  }
  judgeOnLeaving(root, FIELDS, judge);
  open(data);
  return open;
}
