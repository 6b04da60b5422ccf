// The wizard as a whole: the address line, the names of the steps, and a notice above them.
import {remember} from '../../components/address.js';
import {note} from '../../components/blocks.js';
import {nothing, render} from '../../components/html.js';
import {judgeOnLeaving} from './leaving.js';
import {nameSteps, watchSteps} from './step_names.js';

/** @typedef {import('../../payloads').WizardState} WizardState */

/** ms after which it is said that nothing came. */
const PATIENCE = 15_000;

/** What is typed on the first step. The settings judge theirs. */
const FIELDS =
  '#steps .rl-fields :is(textarea, input:not([type=radio], [type=checkbox], [type=file], [role=combobox]))';

/**
 * A clone, a preset, votes and "start over" are taken up once, so a refresh keeps what was changed since. The
 * first step is what /new shows anyway.
 * @param {WizardState} state
 */
const keepAddress = ({method, step}) =>
  remember({clone: null, preset: null, votes: null, fresh: null, method, step: step > 1 ? step : null});

/** @param {WizardState} state */
function told({notice, is_fine: isFine}) {
  const [title, ...more] = notice.split('\n');
  return note(isFine ? '' : 'bad', title, more.join(' '));
}

/** @param {import('../../components/mount.js').Part & {data: WizardState | null}} part */
export default function start({root, trigger, data}) {
  /** @param {WizardState | null} state */
  function draw(state) {
    nameSteps(state?.labels ?? []);
    render(state?.notice ? told(state) : nothing, root);
    if (!state) return;
    // It stands above the steps, and the button that was pressed below them.
    if (state.notice && !state.is_fine) root.scrollIntoView({block: 'nearest'});
    keepAddress(state);
    root.dataset.ready = String(state.step);
  }
  setTimeout(() => {
    if (!root.dataset.ready) render(note('bad', 'The wizard did not get its draft. Reload the page.'), root);
  }, PATIENCE);
  watchSteps();
  judgeOnLeaving(document, FIELDS, () => trigger('click'));
  draw(data);
  return draw;
}
