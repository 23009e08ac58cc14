import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlugin } from '#plugin-kit';
import { builtInParserNames, importParser } from '../support/built-in-parsers.js';
import { takesAllCases } from '../support/random-cases.js';
import { adversarialLines, lineOf, type AdversarialLine } from './adversarial-lines.js';
import { StepCount } from './count-steps.js';

/** Bytes of the shorter line where each is tried, and where the longer one has 1 MiB. */
const SIZE = 32 * 1024;
const LARGE = 512 * 1024;
/** The lines that are tried with 1 MiB: by turns one of so many, unless all are asked for. */
const TURNS = takesAllCases() ? 1 : 4;
/** How many times its steps a line twice as long may take. */
const MOST = 2.2;
const RECEIVED = 1_795_262_400_000_000_000n;
const TIMEOUT_MS = 300_000;
const PARSERS = builtInParserNames();

const counter = new StepCount();
const plugins = new Map<string, ParserPlugin>();

/** V8 counts in code that it compiles from now on. */
beforeAll(async () => {
  counter.start();
  for (const name of PARSERS) plugins.set(name, await importParser(name));
});
afterAll(() => counter.stop());

function stepsOf({ parser }: ParserPlugin, line: Buffer): number {
  return counter.of(() => {
    parser.sniff(line);
    parser.parse([line], { receivedAt: RECEIVED });
  });
}

/** How the steps grow with twice the line. */
function growthOf(plugin: ParserPlugin, line: AdversarialLine, bytes: number): number {
  return stepsOf(plugin, lineOf(line, bytes * 2)) / stepsOf(plugin, lineOf(line, bytes));
}

describe.each(PARSERS)('the steps of the parser %s', (name) => {
  it(`grow no more than ${MOST} times with twice the line, up to 1 MiB`, { timeout: TIMEOUT_MS }, () => {
    const plugin = plugins.get(name) as ParserPlugin;
    const found = adversarialLines(name).flatMap((line, n) =>
      (n % TURNS === 0 ? [SIZE, LARGE] : [SIZE]).map((bytes) => ({
        ...{ ...line, bytes },
        growth: growthOf(plugin, line, bytes),
      })),
    );
    const worst = found.toSorted((a, b) => b.growth - a.growth)[0];
    process.stdout.write(
      `${name}: ${found.length} pairs of lines, at most ${worst?.growth.toFixed(3)} times\n`,
    );
    expect(found.filter(({ growth }) => growth > MOST)).toEqual([]);
  });

  it('are the same each time, and more for a longer line', () => {
    const plugin = plugins.get(name) as ParserPlugin;
    const [line, longer] = [1_000, 4_000].map((bytes) =>
      lineOf({ begin: '<34>', piece: 'a="b" ' }, bytes),
    ) as [Buffer, Buffer];
    const steps = stepsOf(plugin, line);
    expect(stepsOf(plugin, line)).toBe(steps);
    expect(stepsOf(plugin, longer)).toBeGreaterThan(steps);
  });
});
