// Score: what reward models that were trained here give any text.
import {card, empty, note, skeleton} from '../../components/blocks.js';
import {link} from '../../components/button.js';
import {NoAnswer, sentence} from '../../components/call.js';
import {html, nothing, render} from '../../components/html.js';
import {pageTitle} from '../../components/page_title.js';
import {scoreForm} from './form.js';
import {results} from './results.js';
import {Scoring} from './scoring.js';

const TEXT =
  'What a reward model gives any text, and where that stands among answers whose verdict is known.';
const LATER = 'It can score text once it has saved its first checkpoint; reload this page then.';
const SILENT = 'The app did not answer. Reload the page.';

/** @param {import('../../payloads').ComingModel[]} coming */
const none = ([next]) =>
  card({title: 'No reward model yet', id: 'score-none'}, next ? onItsWay(next) : nobodyTrains());

/** @param {import('../../payloads').ComingModel} model */
const onItsWay = ({id, title, is_training: isTraining}) =>
  empty(
    'A reward model is on its way',
    `${title} ${isTraining ? 'is at work' : 'waits for its turn'}. ${LATER}`,
    link(`/run?run=${encodeURIComponent(id)}`, 'Open its run', 'rl-btn'),
  );

const nobodyTrains = () =>
  empty(
    'No run has trained a reward model',
    'RLHF trains one, from pairs or ratings. It can score text once it has saved its first checkpoint.',
    link('/new', 'New pipeline', 'rl-btn'),
  );

const unasked = () =>
  html`<div class="rl-card">
    ${empty('No scores yet', 'Scores appear here, answer by answer, as they are read.')}
  </div>`;

/** @param {Scoring} scoring @param {string} failure */
function body(scoring, failure) {
  if (failure) return note('bad', 'This page could not be filled', failure);
  if (!scoring.choices) return html`<div class="rl-card rl-cb">${skeleton(38, 92, 60)}</div>`;
  if (!scoring.choices.models.length && !scoring.models.length) return none(scoring.choices.coming);
  return html`${scoreForm(scoring)}${scoring.answers.length ? results(scoring) : unasked()}`;
}

/** @param {import('../../components/mount.js').Part} part */
export default function start({root, server}) {
  let failure = '';
  const draw = () => {
    render(
      html`<div class="rl-stack">
        ${pageTitle({title: 'Score', text: TEXT})}
        <div class="rl-stack">${body(scoring, failure)}</div>
      </div>`,
      root,
    );
    if (scoring.choices) root.dataset.ready = '';
  };
  const scoring = new Scoring({server, draw});
  draw();
  scoring.open().catch(error => {
    failure = error instanceof NoAnswer && error.told ? sentence(error) : SILENT;
    draw();
  });
  return nothing;
}
