import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ParserRegistry, type LineParser } from '#plugin-host';
import { AUTO_PARSER, parserName, type ParserPlugin } from '#plugin-kit';
import { fuzzSeed } from '../../plugins/tier-clickhouse/testing/fuzz/fuzz-seed.js';
import { builtInParserNames, importParser, parserFolder } from '../support/built-in-parsers.js';
import { randomCases } from '../support/random-cases.js';
import { faultOf, pollution } from './judge-answers.js';
import { Luck, mutateLine } from './mutate-line.js';

/** Lines, each of which every parser gets; `npm run fuzz:parsers` takes a million. */
const LINES = Number(process.env['ALLUVIUM_FUZZ_LINES'] ?? randomCases({ few: 5_000, all: 20_000 }));
const SEED = fuzzSeed();
const BATCH = 500;
const RECEIVED = 1_795_262_400_000_000_000n;
const ZONES = [undefined, 'Europe/Berlin', '-03:30'];
const MOST_SHOWN = 10;

interface Reader extends Pick<ParserPlugin, 'parser'> {
  readonly name: string;
}

let readers: readonly Reader[];
let auto: LineParser;
const seeds: Buffer[] = [];
const failures: string[] = [];
beforeAll(async () => {
  const plugins = await Promise.all(builtInParserNames().map(importParser));
  readers = plugins.map(({ manifest, parser }) => ({ name: parserName(manifest), parser }));
  auto = new ParserRegistry(plugins).open(
    AUTO_PARSER,
    ({ parser, error }) => void failures.push(`${parser}: ${String(error)}`),
  ) as LineParser;
  for (const { name } of readers) seeds.push(...(await samplesOf(name)));
});

async function samplesOf(parser: string): Promise<readonly Buffer[]> {
  const folder = new URL('samples/', parserFolder(parser));
  const files = (await readdir(folder)).filter((file) => file.endsWith('.txt'));
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, folder))));
  return texts
    .flatMap((text) => text.toString('latin1').split('\n'))
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'latin1'));
}

/** What is wrong with a parser's answers for a batch, with the lines that show it. */
function faultsOf({ name, parser }: Reader, lines: readonly Buffer[], zone: string | undefined): string[] {
  const context = zone === undefined ? { receivedAt: RECEIVED } : { receivedAt: RECEIVED, zone };
  try {
    const answers = parser.parse(lines, context);
    if (answers.length !== lines.length)
      return [`${name}: ${answers.length} answers for ${lines.length} lines`];
    return lines.flatMap((line, at) => {
      const sure = parser.sniff(line);
      const fault = sure >= 0 && sure <= 1 ? faultOf(answers[at], line) : `it is ${sure} sure`;
      return fault === undefined ? [] : [`${name}: ${fault}\n  ${JSON.stringify(line.toString('latin1'))}`];
    });
  } catch (error) {
    return [
      `${name}: ${String(error)}\n  one of ${JSON.stringify(lines.map((line) => line.toString('latin1')))}`,
    ];
  }
}

describe(`all parsers (ALLUVIUM_FUZZ_SEED=${SEED})`, () => {
  it(
    `answer for each of ${LINES} lines, and leave them and all else as they are`,
    async () => {
      const luck = new Luck(SEED);
      const problems: string[] = [];
      const counts = new Map<string, number>();
      for (let done = 0; done < LINES && problems.length < MOST_SHOWN; done += BATCH) {
        const lines = Array.from({ length: Math.min(BATCH, LINES - done) }, () => mutateLine(seeds, luck));
        const before = Buffer.concat(lines);
        for (const reader of readers) problems.push(...faultsOf(reader, lines, luck.one(ZONES)));
        const verdicts = await auto(lines, { receivedAt: RECEIVED });
        for (const { parser = 'none', parsed } of verdicts) {
          counts.set(parser, (counts.get(parser) ?? 0) + 1);
          if (parsed.kind === 'refused') problems.push(`auto refuses: ${parsed.reason}`);
        }
        if (!before.equals(Buffer.concat(lines))) problems.push(`lines were changed, from line ${done} on`);
      }
      const chosen = JSON.stringify(Object.fromEntries([...counts].sort()));
      process.stdout.write(`parsers, seed ${SEED}: ${LINES} lines, by auto ${chosen}\n`);
      expect(problems.slice(0, MOST_SHOWN)).toEqual([]);
      expect(failures).toEqual([]);
      expect([pollution(), ({} as Record<string, unknown>)['polluted']]).toEqual([[], undefined]);
    },
    60_000 + LINES * 2,
  );
});
