// A field made from a settings model: its label, the control of its kind, what is wrong with it, and its
// help.
import {html, nothing} from '../html.js';
import {icon} from '../icon.js';
import {choiceControl} from './choice.js';
import {documentControl} from './document.js';
import {judgeControl} from './judge.js';
import {numberControl} from './number.js';
import {rewardModelControl} from './reward_model.js';
import {rewardsControl} from './rewards.js';
import {switchControl} from './switch.js';
import {textControl} from './text.js';

/** @typedef {import('./line.js').Control} Control */
/** @typedef {import('./typed.js').FormField} FormField */

/**
 * @param {Control} control
 * @param {FormField} field
 */
function controlOf(control, field) {
  switch (field.kind) {
    case 'number':
    case 'whole number':
      return numberControl(control, field);
    case 'text':
      return textControl(control, field);
    case 'choice':
      return choiceControl(control, field);
    case 'switch':
      return switchControl(control, field);
    case 'rewards':
    case 'reward':
      return rewardsControl(control, field);
    case 'judge':
      return judgeControl(control, field);
    case 'reward_model':
      return rewardModelControl(control, field);
    default:
      return documentControl(control, field);
  }
}

/**
 * A switch brings its own; a list has no control that the label could be of.
 * @param {Control} control
 * @param {FormField} field
 */
function labelOf({id}, {kind, title}) {
  if (kind === 'switch') return nothing;
  if (kind === 'rewards' || kind === 'reward')
    return html`<span class="rl-lab" id=${`${id}-label`}>${title}</span>`;
  return html`<label class="rl-lab" for=${id}>${title}</label>`;
}

/**
 * Without an error it is empty, and takes no room.
 * @param {string} id
 * @param {string} error
 */
function wrong(id, error) {
  const words = error ? html`${icon('warn')}<span>${error}</span>` : nothing;
  return html`<div class="rl-err" role="alert" id=${id}>${words}</div>`;
}

/**
 * @typedef {object} FieldState
 * @property {string} id
 * @property {import('./typed.js').Typed | undefined} typed what its control holds since it was changed
 * @property {string} error a sentence, or ""
 * @property {boolean} [isHidden]
 * @property {boolean} [isOpen] whether what the control folds away is to be seen
 * @property {Control['changed']} changed
 * @property {Control['unfolded']} [unfolded]
 */

/**
 * @param {FormField} field
 * @param {FieldState} state
 */
export function field(
  field,
  {id, typed, error, isHidden = false, isOpen = false, changed, unfolded = () => {}},
) {
  const control = {
    id: `${id}-control`,
    describedBy: `${id}-err ${id}-help`,
    isWrong: error !== '',
    isLocked: field.locked,
    typed,
    changed,
    isOpen,
    unfolded,
  };
  return html`<div class="rl-set" id=${id} ?hidden=${isHidden}>
    ${labelOf(control, field)} ${controlOf(control, field)} ${wrong(`${id}-err`, error)}
    <div class="rl-help" id=${`${id}-help`}>${field.help}</div>
  </div>`;
}
