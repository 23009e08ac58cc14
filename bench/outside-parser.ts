/**
 * How fast an outside copy of the syslog parser is, in its process, beside the built-in one; and whether the server's
 * memory stays flat while a plugin is replaced again and again. `npm run bench:outside-parser -- --help` lists options.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Registry } from 'prom-client';
import { createBlockIdGenerator, type Block } from '#event-model';
import { loadPlugins, PluginCatalog, type PluginRegistry } from '#plugin-host';
import { trustPlugin } from '#plugin-host/author';
import { BlockParser } from '../apps/worker/pipeline/block-parser.js';
import { mean, percentile } from './numbers.js';
import { readOptions } from './options.js';
import { isWithin, printReport, type Figure } from './report.js';

const BUILT_IN = new URL('../plugins/', import.meta.url);
const COPY = 'parser-syslogcopy';
const LINES = 5_000;
/** Of the built-in parser's lines in a second. */
const LEAST_SHARE = 0.6;
const MOST_GROWTH = 0.05;
/** Replacements that are not counted: what is loaded at the first ones stays. */
const WARM = 20;

const nextBlockId = createBlockIdGenerator();
const options = readOptions({ rounds: 9, blocks: 40, reloads: 200, json: false }, process.argv.slice(2));

const plugins = await mkdtemp(join(tmpdir(), 'alluvium-bench-plugins-'));
const stageDirectory = await mkdtemp(join(tmpdir(), 'alluvium-bench-stage-'));
const versionsDirectory = await mkdtemp(join(tmpdir(), 'alluvium-bench-versions-'));
const registry = await loadPlugins(BUILT_IN);
const logger = { info: () => {}, warn: console.error, error: console.error };
const catalog = new PluginCatalog(
  { registry, builtIn: BUILT_IN, logger, metrics: new Registry() },
  { folder: plugins, stageDirectory, versionsDirectory },
);
try {
  await copyParser();
  await replace(0);
  // Memory first: what the lines leave behind would hide a small growth.
  const reloads = await measureReloads();
  const figures = [...(await measureSpeed(registry)), ...reloads];
  printReport('An outside parser', figures, options.json);
  process.exitCode = figures.every(isWithin) ? 0 : 1;
} finally {
  await catalog.onApplicationShutdown();
  for (const folder of [plugins, stageDirectory, versionsDirectory])
    await rm(folder, { recursive: true, force: true });
}

/** The built-in parser as its own author would have it: the same code, with the kit by its outside name. */
async function copyParser(): Promise<void> {
  const folder = join(plugins, COPY);
  await cp(new URL('parser-syslog/', BUILT_IN), folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (file.endsWith('.spec.ts')) await rm(join(folder, file));
    else if (file.endsWith('.ts'))
      await change(join(folder, file), (text) =>
        text.replaceAll(/#plugin-kit|#event-model/g, '@alluvium/plugin-kit'),
      );
  }
  await change(join(folder, 'manifest.json'), (text) => text.replace('"parser-syslog"', `"${COPY}"`));
}

async function change(path: string, by: (text: string) => string): Promise<void> {
  await writeFile(path, by(await readFile(path, 'utf8')));
}

/** A new version: trusted, and in the place of the one before. */
async function replace(version: number): Promise<void> {
  await writeFile(join(plugins, COPY, 'VERSION'), String(version));
  await trustPlugin(join(plugins, COPY));
  await catalog.reload();
  const entry = (await catalog.entries()).find(({ name }) => name === COPY);
  if (entry?.state !== 'loaded' || entry.problems.length > 0)
    throw new Error(`The copy is not loaded: ${JSON.stringify(entry)}`);
}

async function measureSpeed({ parsers }: PluginRegistry): Promise<readonly Figure[]> {
  const parser = new BlockParser(parsers, ({ error }) => console.error(error));
  const rates: Record<string, number[]> = { syslog: [], syslogcopy: [] };
  const blocks = Array.from({ length: options.blocks }, (_, n) => makeBlock(n));
  for (let round = 0; round <= options.rounds; round += 1)
    for (const name of Object.keys(rates)) {
      const rate = await rateOf(parser, blocks, name);
      if (round > 0) rates[name]?.push(rate);
    }
  await requireSame(parser, blocks);
  const [builtIn = NaN, outside = NaN] = Object.values(rates).map((values) => percentile(values, 0.5));
  return [
    { name: 'built-in', value: builtIn, unit: 'lines/s' },
    { name: 'outside', value: outside, unit: 'lines/s' },
    {
      name: 'outside / built-in',
      value: outside / builtIn,
      unit: '',
      bound: { kind: 'at least', value: LEAST_SHARE },
    },
  ];
}

async function rateOf(parser: BlockParser, blocks: readonly Block[], name: string): Promise<number> {
  const began = performance.now();
  for (const block of blocks) await parser.parse(named(block, name));
  return (blocks.length * LINES) / ((performance.now() - began) / 1_000);
}

/** Both make the same events, apart from their names. */
async function requireSame(parser: BlockParser, blocks: readonly Block[]): Promise<void> {
  const [block] = blocks;
  if (!block) return;
  const [one, other] = [
    await parser.parse(named(block, 'syslog')),
    await parser.parse(named(block, 'syslogcopy')),
  ];
  const text = (made: Block): string => Buffer.from(made.body).toString().replaceAll('syslogcopy', 'syslog');
  if (text(one) !== text(other)) throw new Error('The copy makes other events than the built-in parser.');
}

function named(block: Block, parser: string): Block {
  return { ...block, header: { ...block.header, parser } };
}

function makeBlock(n: number): Block {
  const lines = Array.from({ length: LINES }, (_, at) => {
    const time = new Date(1_795_239_970_000 + (n * LINES + at) * 10).toISOString();
    return `<${at % 192}>1 ${time} host-${at % 50} app${at % 20} ${at} ID${at % 7} [exampleSDID@32473 iut="3" eventSource="Application" eventID="${at}"] request ${at} of user ${at % 997} took ${at % 313} ms`;
  });
  const body = Buffer.from(`${lines.join('\n')}\n`);
  return {
    header: {
      id: nextBlockId(),
      tenant: 'default',
      stream: 'default',
      source: 'bench',
      format: 'lines',
      parser: 'syslog',
      receivedAt: 1_795_239_970_000_000_000n,
      count: LINES,
    },
    body,
  };
}

/** Memory of this process, the server's part: that of a plugin goes with its process. */
async function measureReloads(): Promise<readonly Figure[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const sizes: number[] = [];
  const took: number[] = [];
  for (let n = 1; n <= options.reloads; n += 1) {
    const began = performance.now();
    await replace(n);
    took.push(performance.now() - began);
    collect();
    sizes.push(process.memoryUsage.rss());
  }
  const quarter = Math.max(1, Math.floor((sizes.length - WARM) / 4));
  const [early, late] = [sizes.slice(WARM, WARM + quarter), sizes.slice(-quarter)].map(mean);
  const growth = (late ?? NaN) / (early ?? NaN) - 1;
  return [
    { name: `${options.reloads} reloads, each`, value: percentile(took, 0.5), unit: 'ms' },
    { name: 'memory, first quarter', value: (early ?? NaN) / 2 ** 20, unit: 'MiB' },
    { name: 'memory, last quarter', value: (late ?? NaN) / 2 ** 20, unit: 'MiB' },
    { name: 'growth', value: growth, unit: '', bound: { kind: 'at most', value: MOST_GROWTH } },
  ];
}
