import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { InputClient } from './input-client.js';

const run = promisify(execFile);
const INSTALL = join(import.meta.dirname, '../../tools/install-gelf-libraries.sh');
const NEAR_MS = 5 * 60_000;
/** Longer than a datagram: it goes in chunks, also when it is compressed. */
const NOISE = Array.from({ length: 700 }, (_, n) => ((n * 2_654_435_761) % 4_294_967_296).toString(36)).join(
  '',
);

let libraries: string;
let appliance: Appliance;
let client: InputClient;
let ports: Record<string, number>;
let streams = 0;

beforeAll(async () => {
  libraries = (await run(INSTALL)).stdout.trim();
  appliance = await startAppliance();
  client = new InputClient(appliance);
  const made = await client.ask('POST', '', {
    ...{ name: 'gelf', kind: 'gelf', sources: [{ networks: ['127.0.0.0/8'], stream: 'gelf' }] },
    options: { host: '127.0.0.1', udp_port: 0, tcp_port: 0, http_port: 0 },
  });
  if (made.body.state !== 'running') throw new Error(`the input does not run: ${JSON.stringify(made)}`);
  ports = Object.fromEntries(made.body.listens.map(({ transport, port }) => [transport, port]));
}, 300_000);
afterAll(() => appliance?.dispose());

async function nextStream(): Promise<string> {
  const stream = `gelf-${(streams += 1)}`;
  await client.ask('PATCH', '/gelf', { sources: [{ networks: ['127.0.0.0/8'], stream }] });
  return stream;
}

/** A program of Node's that uses one of the libraries. */
const node = (program: string): Promise<unknown> =>
  run(process.execPath, ['-e', program], {
    cwd: libraries,
    env: { ...process.env, NODE_PATH: join(libraries, 'node_modules') },
  });
const python = (program: string): Promise<unknown> => run(join(libraries, 'bin/python'), ['-c', program]);

const gelfPro = (adapter: string, port: number): Promise<unknown> =>
  node(`
const log = require('gelf-pro');
log.setConfig({ adapterName: '${adapter}', adapterOptions: { host: '127.0.0.1', port: ${port} }, fields: { facility: 'shop' } });
log.error('it failed', { order: 7, cause: 'full' }, () => log.info('${NOISE}'));
`);
const winston = (port: number): Promise<unknown> =>
  node(`
const winston = require('winston');
const Gelf = require('winston-gelf');
const gelf = new Gelf({ gelfPro: { fields: { facility: 'shop' }, adapterName: 'udp', adapterOptions: { host: '127.0.0.1', port: ${port} } } });
const logger = winston.createLogger({ transports: [gelf] });
logger.error('it failed', { order: 7, cause: 'full' });
logger.info('${NOISE}');
setTimeout(() => process.exit(0), 700);
`);
const graypy = (handler: string, port: number): Promise<unknown> =>
  python(`
import logging, graypy
log = logging.getLogger('shop')
log.setLevel(logging.DEBUG)
log.addHandler(graypy.${handler}('127.0.0.1', ${port}))
log.error('it failed', extra={'order': 7, 'cause': 'full'})
log.info('${NOISE}')
logging.shutdown()
`);
const pygelf = (handler: string, port: number, more = ''): Promise<unknown> =>
  python(`
import logging, pygelf
log = logging.getLogger('shop')
log.setLevel(logging.DEBUG)
log.addHandler(pygelf.${handler}(host='127.0.0.1', port=${port}, include_extra_fields=True, _service='shop'${more}))
log.error('it failed', extra={'order': 7, 'cause': 'full'})
log.info('${NOISE}')
logging.shutdown()
`);

describe('messages of GELF libraries', () => {
  it.each([
    ['gelf-pro over UDP', () => gelfPro('udp', ports['udp'] ?? 0)],
    ['gelf-pro over TCP', () => gelfPro('tcp', ports['tcp'] ?? 0)],
    ['winston-gelf over UDP', () => winston(ports['udp'] ?? 0)],
    ['graypy over UDP', () => graypy('GELFUDPHandler', ports['udp'] ?? 0)],
    ['graypy over TCP', () => graypy('GELFTCPHandler', ports['tcp'] ?? 0)],
    ['graypy over HTTP', () => graypy('GELFHTTPHandler', ports['http'] ?? 0)],
    ['pygelf over UDP', () => pygelf('GelfUdpHandler', ports['udp'] ?? 0)],
    [
      'pygelf over UDP, in small chunks',
      () => pygelf('GelfUdpHandler', ports['udp'] ?? 0, ', chunk_size=300'),
    ],
    ['pygelf over TCP', () => pygelf('GelfTcpHandler', ports['tcp'] ?? 0)],
    ['pygelf over HTTP', () => pygelf('GelfHttpHandler', ports['http'] ?? 0)],
  ])('are all there, with host, level and time: %s', async (_library, send) => {
    const stream = await nextStream();
    await send();
    const events = await client.events(stream, 2);
    const error = events.find(({ message }) => message === 'it failed');
    expect(events).toHaveLength(2);
    expect(events.map(({ message }) => message)).toContain(NOISE);
    expect(error).toMatchObject({ host: hostname(), level: 'error', attributes: { parser: 'gelf' } });
    expect(['7', '"7"']).toContain(JSON.stringify(error?.attributes?.['order']));
    expect(error?.attributes?.['cause']).toBe('full');
    expect(Math.abs(Date.parse(error?.timestamp ?? '') - Date.now())).toBeLessThan(NEAR_MS);
  });
});
