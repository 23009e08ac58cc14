import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Parser, ParsedLine } from '#plugin-kit';
import { msOverLimit } from '../kept-time.js';
import { withWorld } from '../other-world.js';
import { parseCopies, SAMPLE_CONTEXT, type ParserCase, type ParserHarness } from './contract-case.js';
import { HOSTILE_LINES, longLines } from './hostile-lines.js';

/** Milliseconds that a line of 1 MiB may take: ten times what reading it twice over takes. */
const LONGEST_MS = 250;

const linesOf = ({ samples }: ParserHarness): readonly Uint8Array[] => [...samples, ...HOSTILE_LINES];

function alone(parser: Parser, line: Uint8Array): ParsedLine | undefined {
  return parseCopies(parser, [line])[0];
}

/** A batch is the lines of it, one by one. */
export const batchCases: readonly ParserCase[] = [
  {
    promise: 'batch',
    name: 'answers nothing for no lines, and one answer for each of many',
    run: ({ parser, samples }) => {
      strictEqual(parseCopies(parser, []).length, 0);
      const lines = linesOf({ parser, samples });
      strictEqual(parseCopies(parser, lines).length, lines.length);
    },
  },
  {
    promise: 'order',
    name: 'answers for each line what it answers for that line alone, whatever stands beside it',
    run: (harness) => {
      const lines = linesOf(harness);
      const one = lines.map((line) => alone(harness.parser, line));
      deepStrictEqual(parseCopies(harness.parser, lines), one);
      deepStrictEqual(parseCopies(harness.parser, [...lines].reverse()), [...one].reverse());
    },
  },
  {
    promise: 'pure',
    name: 'changes neither the lines nor the list of them',
    run: (harness) => {
      const lines = linesOf(harness).map((line) => Uint8Array.from(line));
      const before = lines.map((line) => Uint8Array.from(line));
      harness.parser.parse(Object.freeze(lines), SAMPLE_CONTEXT);
      for (const line of lines) harness.parser.sniff(line);
      deepStrictEqual(lines, before);
    },
  },
  {
    promise: 'pure',
    name: 'answers the same again, at another time and with other luck',
    run: (harness) => {
      const run = (): readonly ParsedLine[] => parseCopies(harness.parser, linesOf(harness));
      const [early, late] = [withWorld(1_000_000_000_000, 0.1, run), withWorld(2_000_000_000_000, 0.9, run)];
      deepStrictEqual(late, early);
      deepStrictEqual(run(), early);
    },
  },
  {
    promise: 'total',
    name: 'takes any bytes without an error',
    run: ({ parser }) => {
      for (const line of HOSTILE_LINES) alone(parser, line);
    },
  },
  {
    promise: 'bounded',
    name: `reads a line of 1 MiB in ${LONGEST_MS} ms, whatever it repeats`,
    run: ({ parser }) => {
      for (const line of longLines()) {
        const ms = msOverLimit(() => {
          parser.sniff(line);
          parser.parse([line], SAMPLE_CONTEXT);
        }, LONGEST_MS);
        const shown = Buffer.from(line.subarray(0, 40)).toString();
        strictEqual(ms, undefined, `A line that begins with ${JSON.stringify(shown)} took ${ms} ms.`);
      }
    },
  },
];
