// How a reader looks at the curves of a run, as the address line keeps it.
import {USUAL_SMOOTHING} from '../../components/chart/smoothing.js';

/** @typedef {import('../../components/chart/view.js').ChartView} ChartView */
/**
 * The zoom is the one thing that the address does not keep.
 * @typedef {object} Chosen
 * @property {'step' | 'tokens'} axis
 * @property {number} smoothing
 * @property {boolean} isOpen whether all curves are shown
 * @property {boolean} hasTables
 * @property {ChartView['zoom']} zoom
 */

/** @param {URLSearchParams} query @returns {Chosen} */
export function chosenIn(query) {
  const smoothing = Number(query.get('smooth') ?? USUAL_SMOOTHING);
  return {
    axis: query.get('x') === 'tokens' ? 'tokens' : 'step',
    smoothing: smoothing >= 0 && smoothing < 1 ? smoothing : USUAL_SMOOTHING,
    isOpen: query.get('more') === '1',
    hasTables: query.get('table') === '1',
    zoom: null,
  };
}

/** What of it stands in the address: nothing that is so anyway. @param {Chosen} chosen */
export const addressed = ({axis, smoothing, isOpen, hasTables}) => ({
  x: axis === 'step' ? null : axis,
  smooth: smoothing === USUAL_SMOOTHING ? null : smoothing,
  more: isOpen ? 1 : null,
  table: hasTables ? 1 : null,
});
