// The quick tour: its button, as a card beside the runs.
import {address} from '../../components/address.js';
import {button, link} from '../../components/button.js';
import {NoAnswer, call} from '../../components/call.js';
import {html, nothing} from '../../components/html.js';
import {runAddress} from '../../components/run_link.js';
import {launchId} from '../../components/unique.js';

/** @typedef {import('../../payloads').Server} Server */
/** @typedef {import('../../payloads').TourOffer} TourOffer */

const WHAT =
  'Trains SFT, then DPO, on the small built-in model Lantern and lays base, SFT and DPO side by side. ' +
  'No download.';
export const HOW_LONG = 'Less than two minutes on two free processor cores.';
const SILENT = 'The app did not answer, so nothing was started. Try again.';

/** Launches the tour once, however often its button is pressed, and opens the first run. */
export class Tour {
  isStarting = false;
  problem = '';
  #launchId = launchId();

  /** @param {Server} server @param {() => void} draw */
  constructor(server, draw) {
    this.server = server;
    this.draw = draw;
  }

  start = async () => {
    this.isStarting = true;
    this.draw();
    try {
      const {run} = await call(this.server.start_tour, {launch_id: this.#launchId});
      location.href = runAddress(run);
    } catch (error) {
      this.problem = error instanceof NoAnswer && error.told ? error.message : SILENT;
      this.isStarting = false;
      this.draw();
    }
  };
}

/** @param {Tour} tour @param {string} kind */
export const tourButton = ({isStarting, start}, kind) =>
  button(isStarting ? 'Starting …' : 'Start the quick tour', start, {kind, disabled: isStarting, id: 'tour'});

/** @param {Tour} tour */
export const tourProblem = ({problem}) =>
  problem ? html`<p class="rl-small rl-wrong" role="alert">${problem}</p>` : nothing;

/** @param {TourOffer} offer */
const done = ({title, comparison: {models, words}}) =>
  html`<div class="rl-offer">
    <p class="rl-small">${title} is done.</p>
    ${link(address('/compare', {models}), words, 'rl-btn rl-block')}
  </div>`;

/** @param {Tour} tour @param {TourOffer | null} offer */
export const tourCard = (tour, offer) =>
  html`<section class="rl-card rl-cb rl-tour" aria-labelledby="tour-title">
    <h2 id="tour-title">Quick tour</h2>
    <p class="rl-small rl-muted">${WHAT}</p>
    ${offer ? done(offer) : nothing}${tourButton(tour, 'rl-block')}${tourProblem(tour)}
    <p class="rl-xs rl-faint">${HOW_LONG}</p>
  </section>`;
