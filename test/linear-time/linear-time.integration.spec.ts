import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlugin } from '#plugin-kit';
import { builtInParserNames, importParser } from '../support/built-in-parsers.js';
import { adversarialLines, lineOf, type AdversarialLine } from './adversarial-lines.js';
import { StepCount } from './count-steps.js';

/** Bytes of the shorter line, and how many times its steps the line of 1 MiB may take. */
const SIZE = 512 * 1024;
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
function growthOf(plugin: ParserPlugin, line: AdversarialLine): number {
  return stepsOf(plugin, lineOf(line, SIZE * 2)) / stepsOf(plugin, lineOf(line, SIZE));
}

describe.each(PARSERS)('the steps of the parser %s', (name) => {
  it(`grow no more than ${MOST} times with twice the line, up to 1 MiB`, { timeout: TIMEOUT_MS }, () => {
    const plugin = plugins.get(name) as ParserPlugin;
    const found = adversarialLines(name).map((line) => ({ ...line, growth: growthOf(plugin, line) }));
    const worst = found.toSorted((a, b) => b.growth - a.growth)[0];
    process.stdout.write(`${name}: ${found.length} lines, at most ${worst?.growth.toFixed(3)} times\n`);
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
