// The first step: what is known about the model that was named.
import {card, empty} from '../../components/blocks.js';
import {html, nothing, render} from '../../components/html.js';
import {number} from '../../components/numbers.js';
import {continuedRun} from './continued_run.js';
import {fact} from './fact.js';
import {millions} from './parameters.js';
import {smallModel} from './small_model.js';

/** @typedef {import('../../payloads').KnownModel} KnownModel */

const unknown = () =>
  card(
    {title: 'This model', id: 'this-model'},
    empty('Nothing to show yet', 'Name a model and its size, context and files are checked here.'),
  );

/** @param {KnownModel} model */
const known = ({title, parameters, context, architecture, run, note}) =>
  card(
    {title, id: 'this-model'},
    html`<div class="rl-cb">
      <dl class="rl-dl">
        ${parameters ? fact('Parameters', millions(parameters)) : nothing}
        ${context ? fact('Context', `${number(context)} tokens`) : nothing}
        ${architecture ? fact('Architecture', architecture) : nothing}
        ${run ? fact('Continues', html`<span>${continuedRun(run)}</span>`) : nothing}
      </dl>
      ${note ? html`<p class="rl-small rl-muted rl-model-note">${note}</p>` : nothing}
    </div>`,
  );

/** @param {import('../../components/mount.js').Part & {data: KnownModel | null}} part */
export default function start(part) {
  const [shown, small] = [document.createElement('div'), document.createElement('div')];
  part.root.append(shown, small);
  smallModel({...part, root: small});
  /** @param {KnownModel | null} model */
  const draw = model => render(model ? known(model) : unknown(), shown);
  draw(part.data);
  return draw;
}
