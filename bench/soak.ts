import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { groupMeans, variation } from './numbers.js';
import { readOptions } from './options.js';
import { MemorySampler, readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    seed: 1,
    minutes: 10,
    rate: 50_000,
    'distinct-events': 1_000_000,
    json: false,
  },
  process.argv.slice(2),
);

const STREAM = 'soak';
const LIMIT_MS = 300_000;
const MIB = 2 ** 20;
const SAMPLES_PER_MINUTE = 240;
const data = {
  directory: options.data,
  events: options['distinct-events'],
  seed: options.seed,
  perRequest: 5_000,
  undeclared: 0,
};

async function measure(bench: BenchAppliance): Promise<Figure[]> {
  const { pid, url, adminKey: key } = bench.appliance;
  const { rate, minutes } = options;
  await bench.createStream(STREAM, 'service-log');
  const job = { url, key, streams: [STREAM], connections: 4, data, rate, seconds: minutes * 60 };
  const send = await prepareSender(job);
  const memory = new MemorySampler(pid, bench.scratchDirectory);
  const startCpu = readCpuSeconds(pid);
  const sent = await send();
  memory.stop();
  await bench.waitUntilStored(sent.receipts, LIMIT_MS);
  const cpu = readCpuSeconds(pid) - startCpu;
  const reached = (sent.acceptedEvents / sent.elapsedMs) * 1000;
  return [
    { name: 'events/s', value: reached, unit: '', bound: { kind: 'at least', value: rate * 0.98 } },
    ...memoryFigures(memory.samples, memory.peak),
    { name: 'request p99', value: sent.acknowledgement.p99, unit: 'ms' },
    { name: 'requests refused and sent again', value: sent.refused, unit: '' },
    { name: 'server CPU per 1M', value: (cpu / sent.acceptedEvents) * 1e6, unit: 's' },
    { name: 'events lost', value: sent.acceptedEvents - (await bench.countEvents(STREAM)), unit: '' },
  ];
}

/** The first minute fills caches and pools: flatness is judged from the second on. */
function memoryFigures(samples: readonly number[], peak: number): Figure[] {
  const byMinute = groupMeans(samples, SAMPLES_PER_MINUTE).map((bytes) => bytes / MIB);
  const settled = byMinute.length > 1 ? byMinute.slice(1) : byMinute;
  return [
    ...byMinute.map((value, minute) => ({ name: `memory, minute ${minute + 1}`, value, unit: 'MiB' })),
    { name: 'memory, peak', value: peak / MIB, unit: 'MiB', bound: { kind: 'at most', value: 700 } },
    {
      name: 'memory, change',
      value: variation(settled) * 100,
      unit: '%',
      bound: { kind: 'at most', value: 10 },
    },
  ];
}

printReport(
  `Soak: ${options.rate} events/s for ${options.minutes} min`,
  await withAppliance(measure),
  options.json,
);
