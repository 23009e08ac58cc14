import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinearPattern } from '#plugin-kit/patterns';
import { StepCount } from './count-steps.js';

/** Characters of the shorter text, and how many times its steps one of twice the length may take. */
const SIZE = 16_000;
const MOST = 2.2;
/** Most steps for a character and an instruction: the bound on the length of lines counts with that. */
const MOST_STEPS_EACH = 16;
const TIMEOUT_MS = 120_000;

/** Patterns that make other engines try again and again, with texts that make them do so. */
const CASES: readonly (readonly [pattern: string, piece: string, end: string])[] = [
  ['^(a+)+$', 'a', '!'],
  ['(?P<words>(?:\\w+\\s?)*)[^\\w\\s]$', 'ab ', ''],
  ['(x+x+)+y', 'x', ''],
  ['(?P<a>.*)(?P<b>.*)(?P<c>.*)(?P<d>.*)=$', 'a b ', '=x'],
  ['(?P<a>.*?),(?P<b>.*?),(?P<c>.*?);$', 'a,', ';x'],
  ['(?:a?){30}a{30}(?P<rest>.*)!$', 'a', '!x'],
  ['(?P<key>\\S+)=(?P<value>"(?:[^"\\\\]|\\\\.)*")$', 'k="\\"', ''],
  ['(?P<ip>(?:\\d{1,3}\\.){3}\\d{1,3}).*(?P<n>\\d+)$', '1.2.3.', 'x'],
  ['(?i)(?P<level>error|warn|info)\\b.*(?P<code>[0-9a-f]{8})\\b.*end$', 'error deadbeef ', ''],
];

const counter = new StepCount(/\/node_modules\/re2js\/|\/libs\/plugin-kit\/patterns\//);
let compile: (source: string) => LinearPattern;

/** V8 counts in code that it compiles from now on. */
beforeAll(async () => {
  counter.start();
  ({ compilePattern: compile } = await import('#plugin-kit/patterns'));
});
afterAll(() => counter.stop());

describe('the steps of a pattern', () => {
  it.each(CASES)(
    `of /%s/ grow no more than ${MOST} times with twice the text`,
    { timeout: TIMEOUT_MS },
    (source, piece, end) => {
      const pattern = compile(source);
      const stepsFor = (length: number): number => {
        const text = piece.repeat(Math.floor(length / piece.length)) + end;
        // States that the engine makes for a text are there from then on.
        pattern.test(text);
        return counter.of(() => {
          pattern.test(text);
          pattern.match(text);
        });
      };
      const [short, long] = [stepsFor(SIZE), stepsFor(SIZE * 2)];
      process.stdout.write(
        `/${source}/ of ${pattern.size}: ${(long / short).toFixed(3)} times, ${(long / SIZE / 2 / pattern.size).toFixed(2)} steps\n`,
      );
      expect(short).toBeGreaterThan(0);
      expect(long / short).toBeLessThanOrEqual(MOST);
      expect(long / (SIZE * 2) / pattern.size).toBeLessThan(MOST_STEPS_EACH);
    },
  );
});
