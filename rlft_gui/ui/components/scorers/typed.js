// What is typed of rules and a judge, and what Python is asked of it. No nodes here.

/** @typedef {{terms: string, judge: string, rubric: string, url: string}} TypedScorers */

/** @type {TypedScorers} */
export const EMPTY = {terms: '', judge: '', rubric: 'default', url: ''};

/** The terms that are typed, one a line. @param {string} text */
export const typedTerms = text => [
  ...new Set(
    text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean),
  ),
];

/** Whether a judge needs the address of its server. @param {TypedScorers} typed */
export const isBehindServer = ({judge}) => judge.trim().startsWith('endpoint:');

/**
 * Null where none is named. The address of one that is behind no server counts for nothing.
 * @param {TypedScorers} typed
 * @returns {import('../../payloads').JudgeWanted | null}
 */
export const judgeIn = typed =>
  typed.judge.trim()
    ? {judge: typed.judge.trim(), rubric: typed.rubric, url: isBehindServer(typed) ? typed.url.trim() : ''}
    : null;
