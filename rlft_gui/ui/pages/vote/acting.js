// What keys and buttons do: the same thing.
import {excess} from './words.js';

/** @typedef {import('./keys.js').Action} Action */
/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./session.js').Session} Session */

const NO_WORDS = 'There are no words yet. Write some, or skip this with S outside the field.';
const UNCHANGED = 'The answer was not changed. Change it, or skip it if it is good as it stands.';
const NO_EDIT =
  'There are no words left. Write the answer as it should be, or press Esc to vote without an edit.';

/**
 * @param {Session} session
 * @param {Memory} memory
 * @param {Action} action
 * @param {HTMLElement} root
 */
export function act(session, memory, action, root) {
  switch (action.do) {
    case 'choose':
      return choose(session, action.choice, root);
    case 'strength':
      return session.change({strength: action.strength});
    case 'points':
      return givePoints(session, action.points);
    case 'back':
      return takePointsBack(session);
    case 'thumb':
      return session.cast({is_good: action.isGood});
    case 'skip':
      return session.skip();
    case 'undo':
      return void session.undo();
    case 'note':
      session.change({isNoting: true});
      return focus(root, '#vote-note');
    case 'edit':
      return session.change({editing: session.draft.editing ? '' : 'asked'});
    case 'write':
      return focus(root, '#vote-text');
    default:
      memory.isHelpOpen = !memory.isHelpOpen;
      return session.draw();
  }
}

/** @param {HTMLElement} root @param {string} field */
const focus = (root, field) => /** @type {HTMLElement | null} */ (root.querySelector(field))?.focus();

/**
 * @param {Session} session
 * @param {'a' | 'b' | 'tie' | 'both_bad'} choice
 * @param {HTMLElement} root
 */
function choose(session, choice, root) {
  const {ballot, draft} = session;
  if (!ballot) return;
  if (!draft.editing || choice === 'tie' || choice === 'both_bad') {
    session.cast({choice});
    return;
  }
  if (draft.editing === choice) {
    write(session);
    return;
  }
  const text = choice === 'a' ? ballot.a : (ballot.b ?? '');
  session.change({editing: choice, text});
  focus(root, '#vote-text');
}

/**
 * The attribute that the next points are for; undefined once all have some.
 * @param {Session} session
 * @returns {string | undefined}
 */
export const nextAttribute = ({state, draft}) =>
  state?.votes.attributes.find(name => draft.points[name] === undefined);

/** With the last points the vote is cast. @param {Session} session @param {number} points */
function givePoints(session, points) {
  const name = nextAttribute(session);
  if (name === undefined || !session.ballot) return;
  setPoints(session, name, points);
}

/** @param {Session} session @param {string} name @param {number} points */
export function setPoints(session, name, points) {
  const given = {...session.draft.points, [name]: points};
  const isAll = session.state?.votes.attributes.every(one => given[one] !== undefined);
  if (isAll) session.cast({scores: given});
  else session.change({points: given});
}

/** @param {Session} session */
function takePointsBack(session) {
  const given =
    session.state?.votes.attributes.filter(name => session.draft.points[name] !== undefined) ?? [];
  const points = {...session.draft.points};
  delete points[given.at(-1) ?? ''];
  session.change({points});
}

/**
 * A critique or an edit, or a vote with the better answer as it should be; or why it cannot be sent.
 * @param {Session} session
 */
export function write(session) {
  const {editing, text} = session.draft;
  if (whyNot(session)) {
    session.change({isHeld: true});
    return;
  }
  if (editing === 'a' || editing === 'b') session.cast({choice: editing, edited: text});
  else session.cast({text});
}

/** Why what is written cannot be sent; '' where it can. @param {Session} session */
export function whyNot({question, draft, ballot, state}) {
  if (!draft.text.trim()) return question === 'pair' ? NO_EDIT : NO_WORDS;
  if (question === 'edit' && draft.text.trim() === ballot?.a.trim()) return UNCHANGED;
  return state ? excess(draft.text, state.longest) : '';
}
