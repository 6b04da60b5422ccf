// Single keys, and what each does by what is asked.

/** @typedef {import('../../payloads').Question} Question */
/**
 * @typedef {{do: 'choose', choice: 'a' | 'b' | 'tie' | 'both_bad'} | {do: 'strength', strength: 1 | 2 | 3}
 *   | {do: 'points', points: number} | {do: 'thumb', isGood: boolean}
 *   | {do: 'skip' | 'undo' | 'note' | 'edit' | 'write' | 'help' | 'back'}} Action
 */
/** @typedef {{key: string, words: string, action: Action}} Key */

/** @type {Key[]} */
const EVERYWHERE = [
  {key: 'S', words: 'skip', action: {do: 'skip'}},
  {key: 'U', words: 'undo', action: {do: 'undo'}},
  {key: '?', words: 'all keys', action: {do: 'help'}},
];
/** @type {Key} */
const NOTE = {key: 'N', words: 'add a note', action: {do: 'note'}};

/** @type {Key[]} */
const POINTS = [1, 2, 3, 4, 5].map(points => ({
  key: String(points),
  words: points === 1 ? '1 point, the worst' : points === 5 ? '5 points, the best' : `${points} points`,
  action: {do: 'points', points},
}));

/** @type {Record<Question, Key[]>} */
const OF = {
  pair: [
    {key: 'A', words: 'A is better', action: {do: 'choose', choice: 'a'}},
    {key: 'B', words: 'B is better', action: {do: 'choose', choice: 'b'}},
    {key: 'T', words: 'tie', action: {do: 'choose', choice: 'tie'}},
    {key: 'X', words: 'both bad', action: {do: 'choose', choice: 'both_bad'}},
    {key: '1', words: 'slightly better', action: {do: 'strength', strength: 1}},
    {key: '2', words: 'clearly better', action: {do: 'strength', strength: 2}},
    {key: '3', words: 'far better', action: {do: 'strength', strength: 3}},
    NOTE,
    {key: 'E', words: 'edit the better answer', action: {do: 'edit'}},
  ],
  likert: [...POINTS, NOTE],
  attributes: [...POINTS, {key: '0', words: 'back to the attribute before', action: {do: 'back'}}, NOTE],
  thumb: [
    {key: 'G', words: 'good', action: {do: 'thumb', isGood: true}},
    {key: 'B', words: 'bad', action: {do: 'thumb', isGood: false}},
    NOTE,
  ],
  critique: [{key: 'N', words: 'write', action: {do: 'write'}}],
  edit: [{key: 'E', words: 'edit', action: {do: 'write'}}],
};

/** @param {Question} question */
export const keysOf = question => [...OF[question], ...EVERYWHERE];

/**
 * What a key press asks for; null for none, as while words are typed, or when a key is held down: a second
 * pair would be judged before it was seen.
 * @param {Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>} event
 * @param {Question} question
 * @param {boolean} isTyping
 */
export function actionOf(event, question, isTyping) {
  if (isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return null;
  const pressed = event.key.toUpperCase();
  return keysOf(question).find(({key}) => key === pressed)?.action ?? null;
}

const TYPED = 'textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]';

/** Whether keys go into a field now. @param {EventTarget | null} target */
export const isTyped = target => target instanceof Element && target.matches(TYPED);
