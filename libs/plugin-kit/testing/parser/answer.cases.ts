import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { eventProblems, readJsonLine, REFUSAL_REASON, type ParsedLine } from '#plugin-kit';
import { makeEventType } from '../factories.js';
import { parseCopies, type ParserCase, type ParserHarness } from './contract-case.js';
import { HOSTILE_LINES } from './hostile-lines.js';

const MAX_KEYS = 2_000;
const MAX_KEY_BYTES = 256;
const ANY_EVENT = makeEventType({ fields: [] });

function eachAnswer(
  { parser, samples }: ParserHarness,
  check: (answer: ParsedLine, line: Uint8Array) => void,
): void {
  const lines = [...samples, ...HOSTILE_LINES];
  parseCopies(parser, lines).forEach((answer, at) => check(answer, lines[at] as Uint8Array));
}

/** What an answer may be. */
export const answerCases: readonly ParserCase[] = [
  {
    promise: 'answers',
    name: 'makes events that JSON gives back, with the built-in fields in their types and within the limits',
    run: (harness) =>
      eachAnswer(harness, (answer) => {
        if (answer.kind !== 'event') return;
        const { event, confidence = 'full' } = answer;
        ok(['full', 'partial'].includes(confidence), `An event is read with confidence ${confidence}.`);
        deepStrictEqual(JSON.parse(JSON.stringify(event)), event);
        deepStrictEqual(eventProblems(ANY_EVENT, event), []);
        ok(Object.keys(event).length <= MAX_KEYS, 'An event has too many keys.');
        for (const key of Object.keys(event))
          ok(Buffer.byteLength(key) <= MAX_KEY_BYTES, `A key is too long: ${key}`);
      }),
  },
  {
    promise: 'answers',
    name: 'calls only JSON objects JSON',
    run: (harness) =>
      eachAnswer(harness, (answer, line) => {
        if (answer.kind === 'json')
          ok(readJsonLine(line).members, 'A line that is no object was called JSON.');
      }),
  },
  {
    promise: 'answers',
    name: 'refuses with a stable reason and a sentence, and pollutes nothing',
    run: (harness) => {
      eachAnswer(harness, (answer) => {
        if (answer.kind !== 'refused') return;
        match(answer.reason, REFUSAL_REASON);
        ok(answer.message.length > 0, 'A refusal has no message.');
      });
      strictEqual((Object.prototype as Record<string, unknown>)['polluted'], undefined);
    },
  },
  {
    promise: 'sniff',
    name: 'is from 0 to 1 sure of any line, and the same again',
    run: ({ parser, samples }) => {
      for (const line of [...samples, ...HOSTILE_LINES]) {
        const sure = parser.sniff(line);
        ok(typeof sure === 'number' && sure >= 0 && sure <= 1, `It is ${String(sure)} sure.`);
        strictEqual(parser.sniff(line), sure);
      }
    },
  },
];
