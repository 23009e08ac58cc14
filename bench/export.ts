import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../test/support/appliance-process.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { digestOf, type Digest, type Format } from './export-digest.js';
import { downloadTo, readSlowly, type ExportLink } from './export-download.js';
import { loadLines } from './load-lines.js';
import { readOptions } from './options.js';
import { MemorySampler, readCpuSeconds } from './proc.js';
import { generatedData, folderData } from './query-data.js';
import { printReport, type Figure } from './report.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    events: 1_000_000,
    seed: 1,
    days: 1,
    'slow-seconds': 30,
    json: false,
  },
  process.argv.slice(2),
);

const STREAM = 'bench';
const MIB = 2 ** 20;
const LIMIT_MS = 900_000;
const QUIET_MS = 5_000;
/** Memory that an export may add, whatever its size. */
const ADDED_MIB = 150;
/** Bytes a second of a slow reader. */
const SLOW = 1_000_000;
const FORMATS: readonly Format[] = ['ndjson', 'json', 'csv', 'parquet'];

interface Exported {
  readonly seconds: number;
  readonly bytes: number;
  readonly addedBytes: number;
  readonly cpuSeconds: number;
  readonly digest: Digest;
}

const data =
  options.data === ''
    ? generatedData({ events: options.events, seed: options.seed, days: options.days })
    : folderData(options.data, options.events);
const RANGE = {
  start_time: new Date(data.startMs).toISOString(),
  end_time: new Date(data.endMs).toISOString(),
  stream: STREAM,
};

async function measure(bench: BenchAppliance): Promise<Figure[]> {
  await bench.createStream(STREAM, 'service-log');
  await bench.waitUntilStored(await loadLines(bench.api, STREAM, data.lines), LIMIT_MS);
  await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
  const figures: Figure[] = [];
  const digests: Digest[] = [];
  for (const format of FORMATS) {
    await beQuiet(bench);
    const exported = await exportAs(bench, format);
    digests.push(exported.digest);
    figures.push(...figuresOf(format, exported));
  }
  await beQuiet(bench);
  figures.push(...(await crawl(bench)));
  return [...agreement(digests), ...figures];
}

/** A fresh process over the same data, warm from a first search: what is added then is the export's. */
async function beQuiet(bench: BenchAppliance): Promise<void> {
  await bench.appliance.stop();
  await bench.appliance.restart();
  await bench.countEvents(STREAM);
  await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
}

async function exportAs(bench: BenchAppliance, format: Format): Promise<Exported> {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-export-'));
  const path = join(directory, `events.${format}`);
  try {
    const watched = await watch(bench, () => downloadTo(path, linkOf(bench, format)));
    return { ...watched, bytes: watched.result, digest: await digestOf(path, format) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Does work while the server's memory is watched. */
async function watch<T>(bench: BenchAppliance, work: () => Promise<T>) {
  const { pid } = bench.appliance;
  const memory = new MemorySampler(pid, bench.scratchDirectory);
  await pause(2_000);
  const quietBytes = memory.peak;
  const [startMs, startCpu] = [performance.now(), readCpuSeconds(pid)];
  const result = await work();
  const seconds = (performance.now() - startMs) / 1000;
  memory.stop();
  return {
    ...{ result, seconds, addedBytes: memory.peak - quietBytes },
    cpuSeconds: readCpuSeconds(pid) - startCpu,
  };
}

/** A reader that takes its time, and then leaves: what it costs, and for how long it goes on costing. */
async function crawl(bench: BenchAppliance): Promise<Figure[]> {
  const { pid } = bench.appliance;
  const seconds = options['slow-seconds'];
  const { addedBytes, result } = await watch(bench, () => readSlowly(linkOf(bench, 'ndjson'), SLOW, seconds));
  await pause(1_000);
  const left = readCpuSeconds(pid);
  await pause(2_000);
  return [
    { name: `slow reader, ${seconds} s: read`, value: result / MIB, unit: 'MiB' },
    addedFigure('slow reader: added memory', addedBytes),
    {
      ...{ name: 'CPU in 2 s, from 1 s after it left', value: readCpuSeconds(pid) - left, unit: 's' },
      bound: { kind: 'at most', value: 0.2 },
    },
  ];
}

function linkOf(bench: BenchAppliance, format: Format): ExportLink {
  const { url, adminKey: key } = bench.appliance;
  return { url, key, query: { ...RANGE, format } };
}

function agreement(digests: readonly Digest[]): Figure[] {
  const distinct = new Set(digests.map(({ events, hash }) => `${events} ${hash}`)).size;
  const least = Math.min(...digests.map(({ events }) => events));
  return [
    {
      name: 'events in each format, at least',
      value: least,
      unit: '',
      bound: { kind: 'at least', value: options.events },
    },
    {
      name: 'different hashes of all formats',
      value: distinct,
      unit: '',
      bound: { kind: 'at most', value: 1 },
    },
  ];
}

function figuresOf(format: Format, { seconds, bytes, addedBytes, cpuSeconds }: Exported): Figure[] {
  return [
    { name: `${format}: time`, value: seconds, unit: 's' },
    { name: `${format}: size`, value: bytes / MIB, unit: 'MiB' },
    { name: `${format}: server CPU`, value: cpuSeconds, unit: 's' },
    addedFigure(`${format}: added memory`, addedBytes),
  ];
}

function addedFigure(name: string, bytes: number): Figure {
  return { name, value: bytes / MIB, unit: 'MiB', bound: { kind: 'at most', value: ADDED_MIB } };
}

const title = `Export: ${options.events} events of ${options.days} days, seed ${options.seed}`;
printReport(title, await withAppliance(measure), options.json);
