// How the models of an earlier comparison are called, on one line. No nodes here.

/** @typedef {import('../../payloads').Pane} Pane */

/** The step of a model that is called by it, as RUN@step. @param {string} model */
const stepIn = model => /^(?!endpoint:|base:).+@(\d+)$/.exec(model)?.[1];

/**
 * Each model by its title; checkpoints of one run that stand beside each other together, by their steps.
 * @param {readonly Pane[]} panes
 * @returns {{palette: string, words: string}[]}
 */
export function askedModels(panes) {
  /** @type {{run: string, palette: string, title: string, steps: string[]}[]} */
  const asked = [];
  for (const {model, title, palette} of panes) {
    const step = stepIn(model);
    const run = step === undefined ? model : model.slice(0, -step.length - 1);
    const before = asked.at(-1);
    if (step !== undefined && before?.run === run && before.steps.length) before.steps.push(step);
    else asked.push({run, palette, title, steps: step === undefined ? [] : [step]});
  }
  return asked.map(({palette, title, steps}) => ({palette, words: title + inWords(steps)}));
}

/** @param {string[]} steps */
function inWords(steps) {
  if (!steps.length) return '';
  if (steps.length === 1) return `, step ${steps[0]}`;
  return `, steps ${steps.slice(0, -1).join(', ')} and ${steps.at(-1)}`;
}
