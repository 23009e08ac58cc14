import { createSeededRandom } from '../test/support/seeded-random.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { spreadOf } from './numbers.js';
import { readOptions } from './options.js';
import { printReport, type Figure } from './report.js';
import { measureSearchable, SlowSearches } from './search-probe.js';
import type { SenderResult } from './sender-job.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    seed: 1,
    seconds: 20,
    rate: 10_000,
    streams: 200,
    searches: 20,
    'searched-events': 1_000_000,
    json: false,
  },
  process.argv.slice(2),
);

const LIMIT_MS = 120_000;
const PER_REQUEST = 100;

/** Sends at the rate of the options to these streams in turn while `meanwhile` runs. */
async function underLoad<T>(bench: BenchAppliance, streams: readonly string[], meanwhile: () => Promise<T>) {
  const { url, adminKey: key } = bench.appliance;
  const { rate, seconds, seed } = options;
  const events = Math.min(rate * seconds, 200_000);
  const data = { directory: options.data, events, seed, perRequest: PER_REQUEST, undeclared: 0 };
  const send = await prepareSender({ url, key, streams, connections: 4, data, rate, seconds });
  const sending = send();
  const [sent, result] = await Promise.all([sending, meanwhile()]);
  await bench.waitUntilStored(sent.receipts, LIMIT_MS);
  return { sent, result };
}

/**
 * Probes streams drawn at random until the load is nearly over; milliseconds from acknowledged to found. The first isn't
 * counted: it waits for what is made and compiled only once.
 */
async function probe(bench: BenchAppliance, streams: readonly string[]): Promise<number[]> {
  const random = createSeededRandom(options.seed);
  const endMs = performance.now() + (options.seconds - 1) * 1000;
  const found: number[] = [];
  while (performance.now() < endMs) {
    const stream = streams[random.below(streams.length)] ?? '';
    found.push(await measureSearchable(bench.api, stream, `mark${random.hex(12)}`));
  }
  return found.slice(1);
}

async function createStreams(bench: BenchAppliance, names: readonly string[]): Promise<void> {
  for (const name of names) await bench.createStream(name, 'service-log');
}

async function measureSearchability(bench: BenchAppliance): Promise<Figure[]> {
  await createStreams(bench, ['one']);
  const { result } = await underLoad(bench, ['one'], () => probe(bench, ['one']));
  const { count, p50, p99 } = spreadOf(result);
  return [
    { name: 'acknowledged to searchable, probes', value: count, unit: '' },
    { name: 'acknowledged to searchable, p50', value: p50, unit: 'ms' },
    {
      name: 'acknowledged to searchable, p99',
      value: p99,
      unit: 'ms',
      bound: { kind: 'at most', value: 500 },
    },
  ];
}

/** A million events to search in, so that searches are slow; then acknowledgements with and without them. */
async function measureBesideSearches(bench: BenchAppliance): Promise<Figure[]> {
  await createStreams(bench, ['searched', 'beside']);
  await fill(bench, 'searched', options['searched-events']);
  const alone = (await underLoad(bench, ['beside'], () => Promise.resolve())).sent;
  const searches = new SlowSearches(bench.api, 'searched', options.searches);
  const beside = (await underLoad(bench, ['beside'], () => Promise.resolve())).sent;
  await searches.stop();
  const ratio = beside.acknowledgement.p99 / alone.acknowledgement.p99;
  return [
    { name: 'acknowledgement p99, alone', value: alone.acknowledgement.p99, unit: 'ms' },
    {
      name: `acknowledgement p99, beside ${options.searches} searches`,
      value: beside.acknowledgement.p99,
      unit: 'ms',
    },
    { name: 'searches finished meanwhile', value: searches.finished, unit: '' },
    { name: 'ratio', value: ratio, unit: '×', bound: { kind: 'at most', value: 1.5 } },
  ];
}

async function fill(bench: BenchAppliance, stream: string, events: number): Promise<void> {
  const { url, adminKey: key } = bench.appliance;
  const data = { directory: options.data, events, seed: options.seed, perRequest: 5_000, undeclared: 0 };
  const send = await prepareSender({
    url,
    key,
    streams: [stream],
    connections: 4,
    data,
    rate: 0,
    seconds: 0,
  });
  await bench.waitUntilStored((await send()).receipts, LIMIT_MS);
}

async function measureManyStreams(bench: BenchAppliance): Promise<Figure[]> {
  const streams = Array.from({ length: options.streams }, (_, n) => `many-${n}`);
  await createStreams(bench, streams);
  const { sent, result } = await underLoad(bench, streams, () => probe(bench, streams));
  const { p50, p99 } = spreadOf(result);
  await bench.waitUntilDrained(LIMIT_MS);
  const lost = await countLost(bench, streams, sent, result.length + 1);
  const name = `${options.streams} streams at once:`;
  return [
    { name: `${name} events acknowledged`, value: sent.acceptedEvents, unit: '' },
    { name: `${name} events lost`, value: lost, unit: '', bound: { kind: 'at most', value: 0 } },
    { name: `${name} acknowledgement p99`, value: sent.acknowledgement.p99, unit: 'ms' },
    { name: `${name} flush delay p50`, value: p50, unit: 'ms' },
    { name: `${name} flush delay p99`, value: p99, unit: 'ms' },
  ];
}

/** Events acknowledged and not found; the probes are events too. One found too often counts as well. */
async function countLost(
  bench: BenchAppliance,
  streams: readonly string[],
  sent: SenderResult,
  probes: number,
) {
  let [difference, extra] = [0, 0];
  for (const stream of streams) {
    const more = (await bench.countEvents(stream)) - (sent.eventsByStream[stream] ?? 0);
    if (more < 0) difference -= more;
    else extra += more;
  }
  return difference + Math.abs(extra - probes);
}

const figures: Figure[] = [];
for (const measure of [measureSearchability, measureBesideSearches, measureManyStreams]) {
  figures.push(...(await withAppliance(measure)));
}
printReport(`Latency at ${options.rate} events/s, ${options.seconds} s each`, figures, options.json);
