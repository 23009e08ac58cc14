/**
 * Lines of syslog over TCP, beside the same events as NDJSON over HTTP: what a million costs the server until they are
 * stored. `npm run bench:syslog -- --help` lists options.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../test/support/appliance-process.js';
import { freePort } from '../test/support/free-port.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { generateEvents } from './generate-events.js';
import { readOptions } from './options.js';
import { inOwnProcess } from './own-process.js';
import { readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import { prepareSender } from './start-sender.js';
import type { SyslogSent } from './syslog-sender.js';

const options = readOptions(
  { events: 500_000, seed: 1, connections: 4, 'per-request': 5_000, json: false },
  process.argv.slice(2),
);

const STREAM = 'lines';
const LIMIT_MS = 600_000;
const DAY_MS = 86_400_000;

/** What a daemon sends of an event, as JSON. */
const FIELDS = ['timestamp', 'level', 'service', 'host', 'message'];

interface Measured {
  readonly stored: number;
  readonly storedMs: number;
  readonly cpuSeconds: number;
}

/** Writes the events down for both. */
function writeEvents(directory: string): void {
  const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const { seed, events } = options;
  const lines: string[] = [];
  for (const line of generateEvents({ seed, events, startMs: endMs - DAY_MS, endMs })) {
    const event = JSON.parse(line) as Record<string, unknown>;
    lines.push(JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, event[name]]))));
  }
  writeFileSync(join(directory, 'events.ndjson'), `${lines.join('\n')}\n`);
}

/** CPU and time from `send` until every event is found. */
async function measure(bench: BenchAppliance, send: () => Promise<unknown>): Promise<Measured> {
  const { pid } = bench.appliance;
  const [cpu, begun] = [readCpuSeconds(pid), performance.now()];
  await send();
  const deadline = Date.now() + LIMIT_MS;
  // What a sender has sent may wait in the kernel: the bus alone doesn't say that all is stored.
  for (let stored = 0; stored < options.events; await pause(100)) {
    if (Date.now() > deadline) throw new Error(`${stored} events are stored after ${LIMIT_MS} ms`);
    if ((await bench.gauge('alluvium_backlog_events')) === 0) stored = await bench.countEvents(STREAM);
  }
  const [storedMs, cpuSeconds] = [performance.now() - begun, readCpuSeconds(pid) - cpu];
  return { storedMs, cpuSeconds, stored: await bench.countEvents(STREAM) };
}

async function overTcp(bench: BenchAppliance, directory: string): Promise<Measured> {
  const port = await freePort();
  await bench.createStream(STREAM, 'log');
  const { url, adminKey } = bench.appliance;
  const answer = await fetch(`${url}/api/v1/inputs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ name: 'bench', kind: 'syslog', options: { host: '127.0.0.1', tcp_port: port } },
      sources: [{ networks: ['127.0.0.0/8'], stream: STREAM }],
    }),
  });
  if (!answer.ok) throw new Error(`Making the input answered ${answer.status}: ${await answer.text()}`);
  const { connections } = options;
  return measure(bench, () => inOwnProcess<SyslogSent>('syslog-sender.ts', { port, connections, directory }));
}

async function overHttp(bench: BenchAppliance, directory: string): Promise<Measured> {
  await bench.createStream(STREAM, 'log');
  const { url, adminKey: key } = bench.appliance;
  const { connections, events, seed, 'per-request': perRequest } = options;
  const data = { directory, events, seed, perRequest, undeclared: 0 };
  const send = await prepareSender({ url, key, streams: [STREAM], connections, data, rate: 0, seconds: 0 });
  return measure(bench, send);
}

function figuresOf(name: string, { stored, storedMs, cpuSeconds }: Measured): Figure[] {
  return [
    {
      ...{ name: `${name}: events stored`, value: stored, unit: '' },
      bound: { kind: 'at least', value: options.events },
    },
    { name: `${name}: stored`, value: (stored / storedMs) * 1_000, unit: 'events/s' },
    { name: `${name}: server CPU per 1M`, value: (cpuSeconds / stored) * 1e6, unit: 's' },
  ];
}

const directory = mkdtempSync(join(tmpdir(), 'alluvium-bench-'));
try {
  writeEvents(directory);
  const tcp = await withAppliance((bench) => overTcp(bench, directory));
  const http = await withAppliance((bench) => overHttp(bench, directory));
  const ratio = tcp.cpuSeconds / tcp.stored / (http.cpuSeconds / http.stored);
  const figures: readonly Figure[] = [
    ...figuresOf('syslog over TCP', tcp),
    ...figuresOf('NDJSON over HTTP', http),
    { name: 'CPU, syslog to NDJSON', value: ratio, unit: '×' },
  ];
  const { connections, events, seed } = options;
  const title = `Syslog: ${events} lines of RFC 5424 over ${connections} connections, seed ${seed}`;
  printReport(title, figures, options.json);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
