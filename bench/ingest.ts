import type { BareJob, BareResult } from './bare-job.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { readOptions } from './options.js';
import { inOwnProcess } from './own-process.js';
import { MemorySampler, readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import type { SenderResult } from './sender-job.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    events: 1_000_000,
    seed: 1,
    type: 'service-log',
    undeclared: 0,
    connections: 4,
    'per-request': 5_000,
    'batch-mib': 32,
    'no-bare': false,
    json: false,
  },
  process.argv.slice(2),
);

const STREAM = 'bench';
const ENTRY_TABLE = 'bare, entry table';
const QUIET_MS = 5_000;
const LIMIT_MS = 600_000;
const MIB = 2 ** 20;
/** About 512 KiB of the bench events, the size of a block on the bus. */
const EVENTS_A_BLOCK = 1_500;
const eventType = options.type === 'log' ? 'log' : 'service-log';
const data = {
  directory: options.data,
  events: options.events,
  seed: options.seed,
  perRequest: options['per-request'],
  undeclared: options.undeclared,
};

interface Measured {
  readonly sent: SenderResult;
  readonly storedMs: number;
  readonly stored: number;
  readonly loadCpuSeconds: number;
  readonly settledCpuSeconds: number;
  readonly diskBytes: number;
  readonly peakMemoryBytes: number;
}

async function measureAppliance(bench: BenchAppliance): Promise<Measured> {
  const { pid, url, adminKey: key } = bench.appliance;
  await bench.createStream(STREAM, eventType);
  const { connections } = options;
  const send = await prepareSender({ url, key, streams: [STREAM], connections, data, rate: 0, seconds: 0 });
  const memory = new MemorySampler(pid, bench.scratchDirectory);
  const [startCpu, startMs] = [readCpuSeconds(pid), performance.now()];
  const sent = await send();
  await bench.waitUntilStored(sent.receipts, LIMIT_MS);
  const [storedMs, loadCpuSeconds] = [performance.now() - startMs, readCpuSeconds(pid) - startCpu];
  await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
  const settledCpuSeconds = readCpuSeconds(pid) - startCpu;
  memory.stop();
  return {
    ...{ sent, storedMs, loadCpuSeconds, settledCpuSeconds, peakMemoryBytes: memory.peak },
    diskBytes: await bench.gauge('alluvium_tier_disk_bytes'),
    stored: await bench.countEvents(STREAM),
  };
}

function applianceFigures(measured: Measured): Figure[] {
  const { sent, stored } = measured;
  const perMillion = 1e6 / sent.acceptedEvents;
  const isLog = eventType === 'log';
  return [
    figure('events sent', options.events, ''),
    figure('events stored', stored, '', 'at least', options.events),
    figure('acknowledged', (sent.acceptedEvents / sent.elapsedMs) * 1000, 'events/s'),
    figure('stored', (stored / measured.storedMs) * 1000, 'events/s'),
    figure('request p50', sent.acknowledgement.p50, 'ms'),
    figure('request p99', sent.acknowledgement.p99, 'ms'),
    figure('requests refused and sent again', sent.refused, ''),
    figure('server CPU per 1M, when stored', measured.loadCpuSeconds * perMillion, 's'),
    figure(
      'server CPU per 1M, settled',
      measured.settledCpuSeconds * perMillion,
      's',
      'at most',
      isLog ? 10 : 8.5,
    ),
    figure('disk of active parts', measured.diskBytes / stored, 'bytes/event', 'at most', isLog ? 120 : 85),
    figure('anonymous memory and block files, peak', measured.peakMemoryBytes / MIB, 'MiB', 'at most', 700),
  ];
}

/** Held against the engine that takes each line through the entry table; its other way is printed beside it. */
function bareFigures(name: string, bare: BareResult, measured: Measured): Figure[] {
  const perEvent = measured.settledCpuSeconds / measured.sent.acceptedEvents;
  const bareEvent = bare.settledCpuSeconds / bare.stored;
  const bound: [] | ['at most', number] = name === ENTRY_TABLE ? ['at most', 1.3] : [];
  return [
    figure(`${name}: stored`, (bare.stored / bare.elapsedMs) * 1000, 'events/s'),
    figure(`${name}: CPU per 1M, settled`, bareEvent * 1e6, 's'),
    figure(`${name}: disk`, bare.diskBytes / bare.stored, 'bytes/event'),
    figure(`CPU, appliance to ${name}`, perEvent / bareEvent, '×', ...bound),
  ];
}

/** The engine alone, with a directory of its own that is removed at the end. */
function bareEngine(job: BareJob): Promise<BareResult> {
  return inOwnProcess('bare-engine.ts', job);
}

function figure(name: string, value: number, unit: string, ...bound: [] | [Bound['kind'], number]): Figure {
  const [kind, limit] = bound;
  return { name, value, unit, ...(kind && limit !== undefined ? { bound: { kind, value: limit } } : {}) };
}

type Bound = NonNullable<Figure['bound']>;

const measured = await withAppliance(measureAppliance);
const figures = applianceFigures(measured);
if (!options['no-bare']) {
  const job = {
    data: { ...data, perRequest: EVENTS_A_BLOCK },
    eventType,
    batchBytes: options['batch-mib'] * MIB,
  } as const;
  figures.push(...bareFigures(ENTRY_TABLE, await bareEngine({ ...job, statement: 'entry-table' }), measured));
  figures.push(
    ...bareFigures('bare, plain lines', await bareEngine({ ...job, statement: 'plain' }), measured),
  );
}
const title = `Ingest: type ${eventType}, ${options.undeclared} undeclared fields, ${options.connections} connections, ${options['per-request']} events a request, seed ${options.seed}`;
printReport(title, figures, options.json);
