// What a score is called in a pane, and how far its bar reaches. No nodes here.
//
// A score's name begins with its kind, as Python makes it (services/comparisons/scoring.py).
import {scaleOf} from '../../components/scorers/figures.js';
import {inWords} from '../../components/titles.js';
import {endpointLabel, isEndpoint} from './endpoints.js';
import {scoreNames} from './pane_words.js';

/** @typedef {import('../../payloads').ComparisonView} ComparisonView */
/** @typedef {import('./pane_words.js').Answered} Answered */
/** @typedef {import('../../components/scorers/figures.js').Scale} Scale */
/** @typedef {{name: string, words: string, scale: Scale}} ShownScore */

/** @param {string} name */
const halves = name => {
  const at = name.indexOf(':');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
};

/** A judge as a person calls it: a server's model and host, the last part of a path. @param {string} judge */
const judgeCalled = judge => {
  if (isEndpoint(judge)) return endpointLabel(judge);
  return judge.startsWith('biased') ? judge : judge.slice(judge.lastIndexOf('/') + 1);
};

/**
 * A reward model by its title, or its run where another one that is shown has the same title.
 * @param {string} run
 * @param {Record<string, string>} titles
 */
function modelCalled(run, titles) {
  const title = titles[run] ?? run;
  return Object.values(titles).filter(other => other === title).length > 1 ? run : title;
}

/**
 * @param {string} name
 * @param {Record<string, string>} titles of reward models whose scores are shown, by run
 */
export function scoreCalled(name, titles) {
  const [kind, rest] = halves(name);
  if (!rest) return inWords(name);
  if (kind === 'reward_model') return `Reward: ${modelCalled(rest, titles)}`;
  if (kind !== 'judge') return name;
  const by = rest.lastIndexOf(' by ');
  const rubric = rest.slice(by + ' by '.length);
  return `Judge ${judgeCalled(rest.slice(0, by))}${rubric === 'default' ? '' : `, ${rubric}`}`;
}

/**
 * From zero to the value, in hundredths of the bar.
 * @param {number} value
 * @param {Scale} scale
 */
export function barOf(value, [low, high]) {
  const place = (/** @type {number} */ at) =>
    (100 * (Math.min(high, Math.max(low, at)) - low)) / (high - low);
  const [zero, end] = [place(0), place(value)];
  return {zero, left: Math.min(zero, end), width: Math.abs(end - zero)};
}

/**
 * The scores that answers to a prompt have or will have. A score has one scale in the whole comparison.
 * @param {ComparisonView} shown
 * @param {number} turn
 * @param {Answered[]} answers
 * @returns {ShownScore[]}
 */
export const shownScores = ({comparison, criteria, scorers}, turn, answers) =>
  scoreNames(criteria[turn] ?? [], answers).map(name => {
    const values = comparison.generations.flatMap(({scores}) => (name in scores ? [scores[name]] : []));
    return {name, words: scoreCalled(name, scorers), scale: scaleOf(name, values)};
  });
