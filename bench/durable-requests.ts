import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { readOptions } from './options.js';
import { readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import { withBareLog } from './start-bare-log.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    requests: 100_000,
    seed: 1,
    connections: 16,
    'no-bare': false,
    json: false,
  },
  process.argv.slice(2),
);

const STREAM = 'bench';
const LIMIT_MS = 120_000;
const data = {
  directory: options.data,
  events: options.requests,
  seed: options.seed,
  perRequest: 1,
  undeclared: 0,
};

/** What the machine does at most: the same requests by the same sender, made durable and nothing else. */
async function measureBare(): Promise<Figure[]> {
  return withBareLog(async ({ url, cpuSeconds }) => {
    const { connections } = options;
    const send = await prepareSender({
      ...{ url, key: 'none', streams: [STREAM], connections },
      ...{ data, rate: 0, seconds: 0 },
    });
    const startCpu = cpuSeconds();
    const sent = await send();
    const cpu = cpuSeconds() - startCpu;
    return [
      { name: 'bare log: durable requests', value: (sent.requests / sent.elapsedMs) * 1000, unit: '/s' },
      { name: 'bare log: p99', value: sent.acknowledgement.p99, unit: 'ms' },
      { name: 'bare log: CPU per 1M', value: (cpu / sent.requests) * 1e6, unit: 's' },
    ];
  });
}

async function measure(bench: BenchAppliance): Promise<Figure[]> {
  const { pid, url, adminKey: key } = bench.appliance;
  await bench.createStream(STREAM, 'service-log');
  const { connections } = options;
  const send = await prepareSender({ url, key, streams: [STREAM], connections, data, rate: 0, seconds: 0 });
  const startCpu = readCpuSeconds(pid);
  const sent = await send();
  const cpu = readCpuSeconds(pid) - startCpu;
  await bench.waitUntilStored(sent.receipts, LIMIT_MS);
  const stored = await bench.countEvents(STREAM);
  const rate = (sent.requests / sent.elapsedMs) * 1000;
  return [
    { name: 'durable requests', value: rate, unit: '/s', bound: { kind: 'at least', value: 8_000 } },
    { name: 'p50', value: sent.acknowledgement.p50, unit: 'ms' },
    { name: 'p99', value: sent.acknowledgement.p99, unit: 'ms', bound: { kind: 'at most', value: 10 } },
    { name: 'slowest', value: sent.acknowledgement.max, unit: 'ms' },
    { name: 'requests refused and sent again', value: sent.refused, unit: '' },
    { name: 'server CPU per 1M', value: (cpu / sent.requests) * 1e6, unit: 's' },
    {
      name: 'events stored',
      value: stored,
      unit: '',
      bound: { kind: 'at least', value: sent.acceptedEvents },
    },
  ];
}

const title = `One event a request on ${options.connections} connections, ${options.requests} requests`;
const figures = await withAppliance(measure);
printReport(title, options['no-bare'] ? figures : [...figures, ...(await measureBare())], options.json);
