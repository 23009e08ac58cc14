import { readdirSync, readFileSync } from 'node:fs';
import { nowNs } from '#event-model';
import type { ParserPlugin } from '#plugin-kit';
import { readOptions } from './options.js';
import { measureParser } from './parser-speed.js';
import { printReport, type Figure } from './report.js';

const options = readOptions({ lines: 200_000, rounds: 5, only: '', json: false }, process.argv.slice(2));

const PLUGINS = new URL('../plugins/', import.meta.url);
const PREFIX = 'parser-';
/** Lines a second of one core that a parser is to reach on its samples. */
const AIMS: Readonly<Record<string, number>> = { syslog: 300_000, cef: 200_000 };
const context = { receivedAt: nowNs() };

/** Names of the built-in parsers. */
function parserNames(): readonly string[] {
  const folders = readdirSync(PLUGINS).filter((name) => name.startsWith(PREFIX));
  return folders.map((name) => name.slice(PREFIX.length)).filter((name) => [name, ''].includes(options.only));
}

/** All lines of a parser's samples. */
function readSamples(folder: URL): readonly string[] {
  const files = readdirSync(new URL('samples/', folder)).filter((name) => name.endsWith('.txt'));
  const texts = files.map((name) => readFileSync(new URL(`samples/${name}`, folder), 'utf8'));
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
}

async function figuresOf(name: string): Promise<readonly Figure[]> {
  const folder = new URL(`${PREFIX}${name}/`, PLUGINS);
  const { default: plugin } = (await import(new URL('index.ts', folder).href)) as { default: ParserPlugin };
  const { lines: count, rounds } = options;
  const speed = measureParser(plugin.parser, readSamples(folder), { count, rounds, context });
  const aim = AIMS[name];
  return [
    {
      name,
      value: speed.parsed,
      unit: 'lines/s',
      ...(aim !== undefined && { bound: { kind: 'at least', value: aim } as const }),
    },
    { name: `${name}: a plain split`, value: speed.split, unit: 'lines/s' },
    { name: `${name}: a line`, value: speed.lineBytes, unit: 'bytes' },
  ];
}

const figures: Figure[] = [];
for (const name of parserNames()) figures.push(...(await figuresOf(name)));
const title = `Parsers: ${options.lines} lines of each parser's samples, lines for a second of CPU, best of ${options.rounds - 1} rounds`;
printReport(title, figures, options.json);
