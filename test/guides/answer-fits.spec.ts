import { describe, expect, it } from 'vitest';
import { answerProblems } from './answer-fits.js';

const json = (text: string, part = false) => ({ line: 1, form: 'json' as const, text, part });
const text = (lines: string, part = false) => ({ line: 1, form: 'text' as const, text: lines, part });
const BLOCK = '0197a0b0c0d0e0f0a1b1c1d1e1f1a2b2';
const OTHER = '0197a0b0c0d0e0f0a1b1c1d1e1f1ffff';

describe('an answer in JSON', () => {
  it.each([
    ['order and blanks', '{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }'],
    ['ids', `{"event_id":"${BLOCK}-0"}`, `{"event_id":"${OTHER}-0"}`],
    ['receipts', `{"receipt":"${BLOCK}.0-1.default.a1.abc_-"}`, `{"receipt":"${OTHER}.3-4.other.b2.xyz"}`],
    ['times', '{"at":"2026-01-31T12:00:00Z"}', '{"at":"2026-11-21T15:55:45.123456789Z"}'],
    ['measured numbers', '{"elapsed_ms":3}', '{"elapsed_ms":12.5}'],
    ['what is left open', '{"a":"…"}', '{"a":{"b":1}}'],
  ])('fits whatever its %s', (_what, shown, output) => {
    expect(answerProblems(json(shown), output)).toEqual([]);
  });

  it('may be shown in part', () => {
    expect(answerProblems(json('{"a":{"b":1}}', true), '{"a":{"b":1,"c":2},"d":3}')).toEqual([]);
  });

  it.each([
    ['another value', '{"a":1}', '{"a":2}', 'answer.a is shown as 1, and is 2'],
    ['another type', '{"a_ms":1}', '{"a_ms":"1"}', 'answer.a_ms is shown as 1, and is "1"'],
    ['a member too few', '{"a":1}', '{}', 'answer.a is shown, and is not there'],
    ['a member too many', '{}', '{"a":1}', 'answer.a is not shown, and is 1'],
    ['an entry too many', '[1]', '[1,2]', 'answer is shown with 1 entries, and has 2'],
    ['no JSON', '{}', 'oh', 'the output is no JSON: oh'],
  ])('does not fit with %s', (_what, shown, output, problem) => {
    expect(answerProblems(json(shown), output)).toEqual([problem]);
  });
});

describe('an answer in text', () => {
  it.each([
    ['times', 'at 2026-01-31T12:00:00Z', 'at 2026-11-21T15:55:45.123Z\n'],
    ['widths of columns', 'a b', 'a     b'],
    ['what is left open in a line', 'took … ms', 'took 12 ms'],
    ['lines left open', 'a\n…\nd', 'a\nb\nc\nd'],
  ])('fits whatever its %s', (_what, shown, output) => {
    expect(answerProblems(text(shown), output)).toEqual([]);
  });

  it('may be shown in part', () => {
    expect(answerProblems(text('b\nd', true), 'a\nb\nc\nd\ne')).toEqual([]);
  });

  it.each([
    ['another line', 'a', 'b', '"a" is shown, and is not there; "b" is'],
    ['a line too many', 'a', 'a\nb', '"b" is not shown'],
    ['signs that a pattern would take', 'a.c', 'abc', '"a.c" is shown, and is not there; "abc" is'],
    ['another order', 'b\n…\na', 'a\nb', '"b" is shown, and is not there; "a" is'],
  ])('does not fit with %s', (_what, shown, output, problem) => {
    expect(answerProblems(text(shown), output)).toEqual([problem]);
  });
});
