import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { makeCertificates } from './certificates.js';
import { InputClient } from './input-client.js';
import {
  installLogDaemons,
  runLogger,
  runLoggen,
  startRsyslog,
  startSyslogNg,
  type LogDaemons,
  type RunningDaemon,
} from './log-daemons.js';

/** How far a message's time may be from now: it carries whole seconds, and the machine may be busy. */
const NEAR_MS = 5 * 60_000;
const LINES = 25;

let daemons: LogDaemons;
let directory: string;
let ca: string;
let appliance: Appliance;
let client: InputClient;
let streams = 0;

beforeAll(async () => {
  daemons = await installLogDaemons();
  directory = await mkdtemp(join(tmpdir(), 'alluvium-inputs-'));
  const files = await makeCertificates(directory);
  ca = files.ca;
  const env = {
    ...{ ALLUVIUM_SYSLOG_UDP_PORT: '0', ALLUVIUM_SYSLOG_TCP_PORT: '0', ALLUVIUM_SYSLOG_TLS_PORT: '0' },
    ...{ ALLUVIUM_SYSLOG_TLS_CERT: files.cert, ALLUVIUM_SYSLOG_TLS_KEY: files.key },
    ALLUVIUM_SYSLOG_HOST: '127.0.0.1',
  };
  appliance = await startAppliance({ env });
  client = new InputClient(appliance);
});
afterAll(async () => {
  await appliance?.dispose();
  await rm(directory, { recursive: true, force: true });
});

/** From here on messages go to a stream of their own; nothing is started again. */
async function nextStream(): Promise<string> {
  const stream = `syslog-${(streams += 1)}`;
  const { status } = await client.ask('PATCH', '/syslog', {
    sources: [{ networks: ['127.0.0.0/8'], stream }],
  });
  expect(status).toBe(200);
  return stream;
}

const lines = Array.from(
  { length: LINES },
  (_, n) => `line ${n} of the daemon's, with "quotes", ünïcode and [brackets]`,
);

/** Lets a daemon forward lines, and expects all of them, with host, program and time. */
async function expectForwarded(start: () => Promise<RunningDaemon>): Promise<void> {
  const stream = await nextStream();
  const daemon = await start();
  try {
    await daemon.write(lines);
    const events = await client.events(stream, LINES);
    const found = events.map(({ message }) => String(message)).sort();
    expect({ found, output: daemon.output }).toEqual({ found: [...lines].sort(), output: daemon.output });
    for (const { host, service, timestamp, attributes } of events) {
      expect([host, service, attributes?.['parser']]).toEqual([hostname(), 'app', 'syslog']);
      expect(attributes?.['network.peer.address']).toBe('127.0.0.1');
      expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(NEAR_MS);
    }
  } finally {
    await daemon.end();
  }
}

const RFC5424 = 'template="RSYSLOG_SyslogProtocol23Format"';

describe('rsyslog', () => {
  it.each([
    ['UDP as it is set up', 'udp', ''],
    ['UDP with RFC 5424', 'udp', RFC5424],
    ['TCP as it is set up', 'tcp', 'protocol="tcp"'],
    ['TCP with RFC 5424', 'tcp', `protocol="tcp" ${RFC5424}`],
    ['TCP, octet-counted', 'tcp', `protocol="tcp" TCP_Framing="octet-counted" ${RFC5424}`],
  ])('is understood over %s', async (_how, transport, options) => {
    const port = await client.port('syslog', transport);
    await expectForwarded(() => startRsyslog(daemons, { action: `port="${port}" ${options}` }));
  });

  it.each([
    ['GnuTLS', 'gtls', ''],
    ['OpenSSL, octet-counted', 'ossl', 'TCP_Framing="octet-counted"'],
  ])('is understood over TLS by %s', async (_library, driver, options) => {
    const port = await client.port('syslog', 'tls');
    const tls = `protocol="tcp" StreamDriver="${driver}" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost"`;
    const action = `port="${port}" ${tls} ${options} ${RFC5424}`;
    await expectForwarded(() =>
      startRsyslog(daemons, { action, globals: `DefaultNetstreamDriverCAFile="${ca}"` }),
    );
  });
});

describe('syslog-ng', () => {
  it.each([
    ['RFC 5424 over TCP', 'tcp', (port: number) => `syslog("127.0.0.1" transport("tcp") port(${port}))`],
    ['RFC 3164 over TCP', 'tcp', (port: number) => `network("127.0.0.1" transport("tcp") port(${port}))`],
    ['RFC 5424 over UDP', 'udp', (port: number) => `syslog("127.0.0.1" transport("udp") port(${port}))`],
    ['RFC 3164 over UDP', 'udp', (port: number) => `network("127.0.0.1" transport("udp") port(${port}))`],
    [
      'RFC 5424 over TLS',
      'tls',
      (port: number) => `syslog("localhost" transport("tls") port(${port}) tls(ca-file("${ca}")))`,
    ],
  ])('is understood with %s', async (_how, transport, destination) => {
    const port = await client.port('syslog', transport);
    await expectForwarded(() => startSyslogNg(daemons, { destination: destination(port) }));
  });
});

describe('logger', () => {
  it.each([
    ['UDP, RFC 5424', 'udp', ['-d', '--rfc5424']],
    ['UDP, RFC 3164', 'udp', ['-d', '--rfc3164']],
    ['TCP, RFC 5424', 'tcp', ['-T', '--rfc5424']],
    ['TCP, RFC 3164', 'tcp', ['-T', '--rfc3164']],
    ['TCP, octet-counted', 'tcp', ['-T', '--octet-count']],
  ])('is understood over %s', async (_how, transport, options) => {
    const port = await client.port('syslog', transport);
    const stream = await nextStream();
    await runLogger([
      '-n',
      '127.0.0.1',
      '-P',
      String(port),
      '-t',
      'backup',
      '-p',
      'daemon.err',
      ...options,
      'it failed',
    ]);
    const [event] = await client.events(stream, 1);
    expect(event).toMatchObject({
      message: 'it failed',
      host: hostname(),
      service: 'backup',
      level: 'error',
    });
    expect(Math.abs(Date.parse(event?.timestamp ?? '') - Date.now())).toBeLessThan(NEAR_MS);
  });
});

describe('loggen', () => {
  it.each([
    ['TCP, octet-counted', 'tcp', ['-i', '-S', '-P']],
    ['TCP', 'tcp', ['-i', '-S']],
    ['TLS', 'tls', ['-U']],
  ])('is understood over %s', async (_how, transport, options) => {
    const port = await client.port('syslog', transport);
    const stream = await nextStream();
    const load = ['-n', '3000', '-r', '3000', '-s', '200', '-I', '30', '--active-connections=3'];
    await runLoggen(daemons, [...options, ...load, '127.0.0.1', String(port)]);
    const events = await client.events(stream, 9_000);
    expect(events.length).toBe(9_000);
    expect(new Set(events.map(({ host, service }) => `${String(host)} ${String(service)}`)).size).toBe(1);
  });
});
