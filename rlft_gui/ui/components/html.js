// The one place that knows where lit-html lies. What is not exported here, raw markup above all, is not used.
export {html, svg, nothing, render} from '../../../assets/vendor/lit-html/lit-html.js';
export {classMap} from '../../../assets/vendor/lit-html/directives/class-map.js';
export {ifDefined} from '../../../assets/vendor/lit-html/directives/if-defined.js';
export {keyed} from '../../../assets/vendor/lit-html/directives/keyed.js';
export {live} from '../../../assets/vendor/lit-html/directives/live.js';
export {createRef, ref} from '../../../assets/vendor/lit-html/directives/ref.js';
export {repeat} from '../../../assets/vendor/lit-html/directives/repeat.js';
export {styleMap} from '../../../assets/vendor/lit-html/directives/style-map.js';

/** @typedef {import('../../../assets/vendor/lit-html/lit-html.js').TemplateResult} TemplateResult */
/** @typedef {TemplateResult | Node | string | number | symbol | null | undefined | false} One */
/** @typedef {One | One[]} View anything that may stand as a child in a template */
/** @typedef {import('../../../assets/vendor/lit-html/directives/ref.js').Ref} Ref */
