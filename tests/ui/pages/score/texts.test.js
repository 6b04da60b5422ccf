import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  asCsv,
  asJsonLines,
  ordered,
  pieces,
  typedAnswers,
} from '../../../../rlft_gui/ui/pages/score/texts.js';

/** @param {number | null} reward @param {object} more */
const score = (reward, more = {}) => ({
  reward,
  attributes: {},
  raw: {},
  place: null,
  terms: {},
  note: '',
  error: '',
  ...more,
});

test('answers stand between lines of dashes, and keep their own empty lines', () => {
  const found = typedAnswers(' Why? ', 'One.\n\nStill one.\n---\n  \n ----\nTwo - and --- more\n');
  assert.deepEqual(
    found.map(({text}) => text),
    ['One.\n\nStill one.', 'Two - and --- more'],
  );
  assert.equal(found[0].prompt?.[0].content, 'Why?');
  assert.deepEqual(typedAnswers('', 'Alone.')[0].prompt, []);
  assert.deepEqual(typedAnswers('Why?', ' \n---\n'), []);
});

test('the first piece is small, and none is left out', () => {
  assert.deepEqual(pieces(3, 64), [[0, 3]]);
  assert.deepEqual(pieces(100, 64), [
    [0, 8],
    [8, 72],
    [72, 100],
  ]);
  assert.deepEqual(pieces(0, 64), []);
});

test('what has no score comes last in either order', () => {
  const found = {rm: [score(1), score(null), score(3), score(2)]};
  assert.deepEqual(ordered(5, found, 'given'), [0, 1, 2, 3, 4]);
  assert.deepEqual(ordered(5, found, 'high'), [2, 3, 0, 1, 4]);
  assert.deepEqual(ordered(5, found, 'low'), [0, 3, 2, 1, 4]);
});

test('an export has a line for each score that is there', () => {
  const answers = typedAnswers('Say "hi", then', 'a\n---\n=SUM(A1)\n---\nnot yet').map((one, at) => ({
    ...one,
    row: at + 2,
  }));
  const found = {
    rm: [
      score(0.5, {place: {chosen: 0.25, rejected: 1, known: 0.6}, terms: {gold: -1}}),
      score(null, {error: 'Too long.'}),
    ],
  };
  const lines = asJsonLines(answers, found)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.equal(lines.length, 2);
  assert.deepEqual(
    {row: lines[0].row, model: lines[0].model, reward: lines[0].reward, terms: lines[0].terms},
    {row: 2, model: 'rm', reward: 0.5, terms: {gold: -1}},
  );
  assert.equal(lines[1].error, 'Too long.');
  assert.equal(
    asCsv(answers, found),
    'row,prompt,text,model,reward,gold,above_chosen,above_rejected,above_known,note,error\r\n' +
      '2,"Say ""hi"", then",a,rm,0.5,-1,0.25,1,0.6,,\r\n' +
      '3,"Say ""hi"", then",\'=SUM(A1),rm,,,,,,,Too long.\r\n',
  );
});
