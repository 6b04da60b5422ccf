// What a reader chooses beside the title of the chart: metric, x axis, table.
import {button} from '../../components/button.js';
import {html, live, repeat} from '../../components/html.js';
import {segment} from '../../components/segment.js';
import {AXES} from './chart_chosen.js';
import {optionsOf} from './chart_words.js';

/** @typedef {import('./chart_chosen.js').Change} Change */
/** @typedef {import('./chart_chosen.js').Chosen} Chosen */
/** @typedef {import('../../components/chart/store.js').CurveStore} CurveStore */
/** @typedef {import('../../payloads').SharedMetric} SharedMetric */
/** @typedef {import('../../components/chart/place.js').Axis} Axis */

/** @param {Chosen} chosen @param {CurveStore} store @param {SharedMetric[]} choices @param {Change} change */
function metricField({metric}, store, choices, change) {
  const options = optionsOf(choices, {name: metric, info: store.info(metric)});
  return html`<label
    ><span class="rl-k">Metric</span
    ><select
      class="rl-inp"
      aria-label="Metric"
      @change=${(/** @type {any} */ event) => change({metric: event.target.value})}
    >
      ${repeat(
        options,
        ({name}) => name,
        ({name, words}) => html`<option .value=${name} .selected=${live(name === metric)}>${words}</option>`,
      )}
    </select></label
  >`;
}

/** @param {Chosen} chosen @param {Change} change */
const otherTools = ({axis, hasTable}, change) =>
  html`<span
      ><span class="rl-k">x axis</span>${segment(
        {label: 'x axis', name: 'rl-chart-axis', value: axis, options: AXES},
        axis => change({axis: /** @type {Axis} */ (axis), zoom: null}),
      )}</span
    >${button('Table', () => change({hasTable: !hasTable}), {
      kind: 'sm rl-hide-s',
      pressed: hasTable,
    })}`;

/** @param {Chosen} chosen @param {CurveStore} store @param {SharedMetric[]} choices @param {Change} change */
export const tools = (chosen, store, choices, change) =>
  html`<div class="rl-tools">
    ${metricField(chosen, store, choices, change)}${otherTools(chosen, change)}
  </div>`;
