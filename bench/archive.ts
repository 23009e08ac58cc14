import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRandom } from '../test/support/seeded-random.js';
import { measureEncryption } from './archive-encryption.js';
import { applyPolicy, ask, storedBytes } from './archive-run.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { generateEvents } from './generate-events.js';
import { loadLines } from './load-lines.js';
import { percentile, spreadOf } from './numbers.js';
import { readOptions } from './options.js';
import { readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import { measureSearchable } from './search-probe.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  {
    loghub: process.env['ALLUVIUM_CORPORA'] ? join(process.env['ALLUVIUM_CORPORA'], 'loghub') : '',
    events: 1_000_000,
    seed: 1,
    rate: 10_000,
    seconds: 30,
    'year-days': 365,
    'year-events': 2_000,
    runs: 60,
    only: '',
    json: false,
  },
  process.argv.slice(2),
);

const DAY_MS = 86_400_000;
const LIMIT_MS = 3_600_000;
const QUIET_MS = 5_000;
const COPIED = 'search forever -> archive from 1d forever';
const MOVED = 'search 1d -> archive forever';
/** Whole days that are over, counted back from today. */
const dayStart = (ago: number): number => (Math.floor(Date.now() / DAY_MS) - ago) * DAY_MS;

async function load(bench: BenchAppliance, stream: string, lines: Iterable<string>): Promise<void> {
  await bench.waitUntilStored(await loadLines(bench.api, stream, lines), LIMIT_MS);
  await bench.waitUntilDrained(LIMIT_MS);
}

function generated(events: number, ago: number, seed = options.seed): Iterable<string> {
  const startMs = dayStart(ago);
  return generateEvents({ seed, events, startMs, endMs: startMs + DAY_MS - 60_000 });
}

/** Lines of text as events of one day that is over, a second between two. */
function* asEvents(lines: readonly string[]): Generator<string> {
  const start = dayStart(3);
  for (const [n, message] of lines.entries())
    yield JSON.stringify({ timestamp: new Date(start + n * 1_000).toISOString(), message });
}

/** The same lines in a stream that keeps each event as it came and in one that keeps only those that are needed. */
async function measureLogs(bench: BenchAppliance): Promise<Figure[]> {
  const names =
    options.loghub === '' ? [] : readdirSync(options.loghub).filter((name) => name.endsWith('.log'));
  const sizes = new Map<string, number>();
  for (const keep of ['always', 'when_needed'] as const)
    for (const name of names) {
      const text = readFileSync(join(options.loghub, name), 'utf8');
      const stream = `${name.split('_')[0]?.toLowerCase() ?? ''}-raw-${keep.replace('_', '-')}`;
      await ask(bench, 'POST', 'streams', { name: stream, event_type: 'log', keep_raw: keep });
      await load(bench, stream, asEvents(text.split(/\r?\n/).filter((line) => line !== '')));
      sizes.set(stream, Buffer.byteLength(text));
    }
  await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
  if (sizes.size > 0) await applyPolicy(bench, COPIED, [...sizes.keys()]);
  const stored = await storedBytes(bench);
  return [...sizes].flatMap(([stream, raw]) => {
    const { hot = NaN, archive = NaN } = stored.get(stream) ?? {};
    return [
      { name: `${stream}: raw to hot`, value: raw / hot, unit: ': 1' },
      { name: `${stream}: raw to archive`, value: raw / archive, unit: ': 1' },
    ];
  });
}

/** Bytes of a day of the bench's events, and what it costs to copy and verify it. */
async function measureDay(bench: BenchAppliance): Promise<Figure[]> {
  const { events } = options;
  const figures: Figure[] = [];
  for (const keep of ['when_needed', 'always'] as const) {
    const stream = `day-raw-${keep.replace('_', '-')}`;
    await ask(bench, 'POST', 'streams', { name: stream, event_type: 'service-log', keep_raw: keep });
    let raw = 0;
    const counted = function* (): Generator<string> {
      for (const line of generated(events, 3)) {
        raw += line.length + 1;
        yield line;
      }
    };
    await load(bench, stream, counted());
    await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
    const [cpu, began] = [readCpuSeconds(bench.appliance.pid), performance.now()];
    await applyPolicy(bench, COPIED, [stream]);
    const [seconds, cpuSeconds] = [
      (performance.now() - began) / 1_000,
      readCpuSeconds(bench.appliance.pid) - cpu,
    ];
    const { hot = NaN, archive = NaN } = (await storedBytes(bench)).get(stream) ?? {};
    figures.push(
      { name: `${stream}: raw`, value: raw / events, unit: 'bytes/event' },
      { name: `${stream}: hot`, value: hot / events, unit: 'bytes/event' },
      { name: `${stream}: archive`, value: archive / events, unit: 'bytes/event' },
      { name: `${stream}: raw to archive`, value: raw / archive, unit: ': 1' },
      { name: `${stream}: archived and verified`, value: events / seconds, unit: 'events/s' },
      {
        name: `${stream}: server CPU to archive and verify 1M`,
        value: (cpuSeconds / events) * 1e6,
        unit: 's',
      },
    );
  }
  return figures;
}

/** Days are archived while events come in. */
async function measureBesideIngest(bench: BenchAppliance): Promise<Figure[]> {
  const { rate, seconds, seed, events } = options;
  for (const name of ['old', 'new']) await bench.createStream(name, 'service-log');
  for (const ago of [3, 4]) await load(bench, 'old', generated(events, ago, seed + ago));
  const data = {
    directory: '',
    events: Math.min(rate * seconds, 200_000),
    seed,
    perRequest: 100,
    undeclared: 0,
  };
  const { url, adminKey: key } = bench.appliance;
  const send = await prepareSender({ url, key, streams: ['new'], connections: 4, data, rate, seconds });
  const random = createSeededRandom(seed);
  const found: number[] = [];
  let archived = NaN;
  const sending = send();
  const archiving = (async () => {
    const began = performance.now();
    await applyPolicy(bench, COPIED, ['old']);
    archived = (2 * events * 1_000) / (performance.now() - began);
  })();
  for (const end = performance.now() + (seconds - 1) * 1_000; performance.now() < end;)
    found.push(await measureSearchable(bench.api, 'new', `mark${random.hex(12)}`));
  await Promise.all([sending, archiving]);
  const { count, p50, p99 } = spreadOf(found.slice(1));
  const name = `beside ${rate} events/s:`;
  return [
    { name: `${name} archived and verified`, value: archived, unit: 'events/s' },
    { name: `${name} acknowledged to searchable, probes`, value: count, unit: '' },
    { name: `${name} acknowledged to searchable, p50`, value: p50, unit: 'ms' },
    {
      name: `${name} acknowledged to searchable, p99`,
      value: p99,
      unit: 'ms',
      bound: { kind: 'at most', value: 1_000 },
    },
  ];
}

/** A day out of a year that only the archive has. */
async function measureYear(bench: BenchAppliance): Promise<Figure[]> {
  const { 'year-days': days, 'year-events': perDay, seed, runs } = options;
  await bench.createStream('year', 'service-log');
  for (let ago = days + 2; ago > 2; ago -= 1) await load(bench, 'year', generated(perDay, ago, seed + ago));
  await applyPolicy(bench, MOVED, ['year']);
  const random = createSeededRandom(seed);
  const times: number[] = [];
  let units = 0;
  for (let run = 0; run < runs + 3; run += 1) {
    const start = dayStart(3 + random.below(days));
    const began = performance.now();
    const found = await ask(bench, 'POST', 'logs', {
      ...{ stream: 'year', service: 'billing', level: 'error', limit: 100 },
      start_time: new Date(start).toISOString(),
      end_time: new Date(start + DAY_MS).toISOString(),
    });
    if (run >= 3) times.push(performance.now() - began);
    const { archives } = found['stats'] as { readonly archives?: { readonly units: number } };
    units += archives?.units ?? 0;
  }
  return [
    { name: `24 h of ${days} archived days: units read a question`, value: units / (runs + 3), unit: '' },
    { name: `24 h of ${days} archived days: p50`, value: percentile(times, 0.5), unit: 'ms' },
    {
      name: `24 h of ${days} archived days: p95`,
      value: percentile(times, 0.95),
      unit: 'ms',
      bound: { kind: 'at most', value: 1_500 },
    },
  ];
}

/** What `--only` takes one of. */
const PARTS = {
  encryption: () => measureEncryption(options.events, options.seed),
  logs: () => withAppliance(measureLogs),
  day: () => withAppliance(measureDay),
  ingest: () => withAppliance(measureBesideIngest),
  year: () => withAppliance(measureYear),
};
const { only } = options;
if (only !== '' && !Object.hasOwn(PARTS, only))
  throw new Error(`There is no part "${only}": --only takes one of ${Object.keys(PARTS).join(', ')}.`);

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS))
  if (only === '' || only === name) figures.push(...(await measure()));
printReport(
  `Archive: ${options.events} events a day, a year of ${options['year-days']} days`,
  figures,
  options.json,
);
