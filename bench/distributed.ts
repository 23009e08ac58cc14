import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DistributedRig } from '../test/oracle/distributed/rig.js';
import { ApiClient } from '../test/support/api-client.js';
import { pause } from '../test/support/appliance-process.js';
import { atSignals } from './at-signals.js';
import { withAppliance } from './bench-appliance.js';
import { spreadOf } from './numbers.js';
import { readOptions } from './options.js';
import { readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import { measureSearchable } from './search-probe.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  { events: 500_000, connections: 4, 'per-request': 5_000, rate: 5_000, probes: 100, seed: 1, json: false },
  process.argv.slice(2),
);

const STREAM = 'bench';
const LIMIT_MS = 900_000;
const QUIET_MS = 5_000;
const EVENT_TYPE = 'service-log';
/** What several processes may cost, held against one. */
const AIM = 1.3;

/** A process whose CPU counts, and by which name. */
interface Counted {
  readonly name: string;
  readonly pid: number;
}

/** Where events are sent, and who works for them. */
interface Way {
  readonly url: string;
  readonly key: string;
  readonly stream: string;
  readonly processes: readonly Counted[];
}

/** CPU seconds for a million events of each process, and how fast it went. */
interface Cost {
  readonly perMillion: Readonly<Record<string, number>>;
  readonly storedPerSecond: number;
}

/** Sends as fast as it is taken, waits until all is stored, and counts what the processes used until then. */
async function measure(way: Way, settled: () => Promise<void> = async () => undefined): Promise<Cost> {
  const send = await prepareSender({
    ...{ url: way.url, key: way.key, streams: [way.stream], rate: 0, seconds: 0 },
    connections: options.connections,
    data: {
      ...{ directory: '', undeclared: 0 },
      events: options.events,
      seed: options.seed,
      perRequest: options['per-request'],
    },
  });
  const before = way.processes.map(({ pid }) => readCpuSeconds(pid));
  const startMs = performance.now();
  const sent = await send();
  const api = new ApiClient({ url: way.url, adminKey: way.key });
  for (const receipt of sent.receipts) await untilStored(api, receipt);
  const seconds = (performance.now() - startMs) / 1_000;
  await settled();
  const perEvent = 1e6 / sent.acceptedEvents;
  const perMillion = Object.fromEntries(
    way.processes.map(({ name, pid }, nth) => [name, (readCpuSeconds(pid) - (before[nth] ?? 0)) * perEvent]),
  );
  return { perMillion, storedPerSecond: sent.acceptedEvents / seconds };
}

async function untilStored(api: ApiClient, receipt: string): Promise<void> {
  for (const until = Date.now() + LIMIT_MS; Date.now() < until; await pause(100)) {
    const { status, body } = await api.receipt(receipt);
    if (status === 200 && body.pending === 0) return;
  }
  throw new Error(`Receipt ${receipt} is still pending after ${LIMIT_MS} ms`);
}

async function open(api: ApiClient, stream: string, storedIn?: string): Promise<void> {
  const { status, body } = await api.createStream(stream, EVENT_TYPE, storedIn);
  if (status >= 300) throw new Error(`Creating ${stream} answered ${status}: ${JSON.stringify(body)}`);
}

/** The embedded edition: its one process, the engine within it. */
function measureEmbedded(): Promise<Cost> {
  return withAppliance(async (bench) => {
    const { pid, url, adminKey: key } = bench.appliance;
    await open(bench.api, STREAM);
    const way = { url, key, stream: STREAM, processes: [{ name: 'process', pid }] };
    return measure(way, () => bench.waitUntilSettled(QUIET_MS, LIMIT_MS));
  });
}

/** Through Kafka to one of the stores. */
async function measureTo(rig: DistributedRig, stream: string, storedIn: string): Promise<Cost> {
  const [api] = rig.of('api');
  if (!api) throw new Error('There is no api.');
  const { url, adminKey: key } = rig.targetOf(api);
  await open(new ApiClient({ url, adminKey: key }), stream, storedIn);
  const { leading: writer } = rig.workers;
  const others = rig.members.filter((member) => member !== api && member !== writer);
  const processes = [api, writer, ...others].map(({ pid }, nth) => ({
    name: ['api', 'worker'][nth] ?? `other ${nth - 1}`,
    pid,
  }));
  return measure({ url, key, stream, processes });
}

function figuresOf(to: string, { perMillion, storedPerSecond }: Cost, embedded: number): Figure[] {
  const { api = 0, worker = 0, ...others } = perMillion;
  const rest = Object.values(others).reduce((sum, seconds) => sum + seconds, 0);
  const bound = { kind: 'at most', value: AIM } as const;
  return [
    { name: `${to}: api, CPU for 1M`, value: api, unit: 's' },
    { name: `${to}: worker, CPU for 1M`, value: worker, unit: 's' },
    { name: `${to}: the other api, worker and scheduler, CPU for 1M`, value: rest, unit: 's' },
    { name: `${to}: api and worker to embedded`, value: (api + worker) / embedded, unit: '×', bound },
    { name: `${to}: stored`, value: storedPerSecond, unit: 'events/s' },
  ];
}

/** Acknowledged to searchable, beside a steady load. */
async function probe(rig: DistributedRig, stream: string): Promise<Figure[]> {
  const [api] = rig.of('api');
  if (!api) throw new Error('There is no api.');
  const { url, adminKey: key } = rig.targetOf(api);
  const data = { directory: '', undeclared: 0, events: 50_000, seed: options.seed, perRequest: 500 };
  const { rate, connections, probes } = options;
  const seconds = Math.ceil(probes / 4);
  const send = await prepareSender({ url, key, streams: [stream], connections, data, rate, seconds });
  const [times] = await Promise.all([probeFor(new ApiClient(rig.targetOf(api)), stream), send()]);
  const { count, p50, p99 } = spreadOf(times);
  const name = `${stream}, ${rate} events/s: acknowledged to searchable`;
  return [
    { name: `${name}, probes`, value: count, unit: '' },
    { name: `${name}, p50`, value: p50, unit: 'ms' },
    { name: `${name}, p99`, value: p99, unit: 'ms' },
  ];
}

async function probeFor(api: ApiClient, stream: string): Promise<number[]> {
  const times: number[] = [];
  while (times.length < options.probes)
    times.push(await measureSearchable(api, stream, `${stream}x${times.length}x`));
  return times;
}

const embedded = await measureEmbedded();
const own = embedded.perMillion['process'] ?? Number.NaN;
const directory = await mkdtemp(join(tmpdir(), 'alluvium-bench-'));
const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
atSignals(remove);
const rig = await DistributedRig.start(directory);
atSignals(() => rig.stop());
try {
  const figures: Figure[] = [
    { name: 'embedded: process with its engine, CPU for 1M, settled', value: own, unit: 's' },
    { name: 'embedded: stored', value: embedded.storedPerSecond, unit: 'events/s' },
    ...figuresOf('to ClickHouse', await measureTo(rig, 'tables', 'search'), own),
    ...figuresOf('to MongoDB', await measureTo(rig, 'documents', 'documents'), own),
    ...(await probe(rig, 'tables')),
    ...(await probe(rig, 'documents')),
  ];
  printReport(
    `Through Kafka: ${options.events} events to each; ${rig.engines.describe()}`,
    figures,
    options.json,
  );
} finally {
  await rig.stop();
  await remove();
}
// A client of Kafka may keep a timer of its own for minutes.
process.exit();
