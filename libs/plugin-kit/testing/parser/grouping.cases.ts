import { deepStrictEqual, ok } from 'node:assert/strict';
import type { LineGrouping } from '#plugin-kit';
import type { ParserCase, ParserHarness } from './contract-case.js';
import { msOverLimit } from '../kept-time.js';
import { HOSTILE_LINES, longLines } from './hostile-lines.js';

/** Milliseconds that a line of 1 MiB may take. */
const LONGEST_MS = 50;

function joined(grouping: LineGrouping, lines: readonly Uint8Array[]): readonly boolean[] {
  const goesOn = grouping.open();
  return lines.map((line) => goesOn(Uint8Array.from(line)));
}

/** A case of parsers that group lines; others keep it without doing anything. */
function caseOf(
  name: string,
  run: (grouping: LineGrouping, lines: readonly Uint8Array[]) => void,
): ParserCase {
  return {
    promise: 'grouping',
    name,
    run: ({ parser, samples }: ParserHarness) =>
      parser.grouping &&
      run(parser.grouping, [...samples, ...HOSTILE_LINES.filter((line) => line.length > 0)]),
  };
}

/** Which lines are one event. */
export const groupingCases: readonly ParserCase[] = [
  caseOf('has a bound on the lines of an event', ({ maxLines }) => {
    ok(Number.isInteger(maxLines) && maxLines >= 2, `An event may have ${maxLines} lines.`);
  }),
  caseOf('says yes or no of any line, and the same again for the same text', (grouping, lines) => {
    const first = joined(grouping, lines);
    ok(
      first.every((one) => typeof one === 'boolean'),
      'It says something else.',
    );
    deepStrictEqual(joined(grouping, lines), first);
  }),
  caseOf('begins each text anew, whatever stood in another', (grouping, lines) => {
    const other = grouping.open();
    const [one, alone] = [grouping.open(), joined(grouping, lines)];
    const beside = lines.map((line) => {
      other(Uint8Array.from(line).reverse());
      return one(line);
    });
    deepStrictEqual(beside, alone);
  }),
  caseOf(`looks at a line of 1 MiB for ${LONGEST_MS} ms at most`, ({ open }) => {
    const goesOn = open();
    for (const line of longLines()) {
      const ms = msOverLimit(() => goesOn(line), LONGEST_MS);
      ok(ms === undefined, `A line took ${ms} ms.`);
    }
  }),
];
