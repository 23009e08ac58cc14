import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputAddress } from '#plugin-kit';
import plugin from './index.js';
import { makeCertificates } from './testing/certificates.js';
import { HOST, open, SyslogRig, until } from './testing/syslog-rig.js';

const { input } = plugin;

const rig = new SyslogRig();
afterEach(() => rig.stop());

describe('a syslog input over TLS', () => {
  let directory: string;
  const file = (name: string): string => join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-tls-'));
    await makeCertificates(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function send(address: InputAddress, client?: string): Promise<string | undefined> {
    const pair = client && {
      cert: await readFile(file(`${client}.pem`)),
      key: await readFile(file(`${client}.key`)),
    };
    const ca = await readFile(file('ca.pem'));
    const socket = connectTls({ host: HOST, port: address.port, ca, servername: 'localhost', ...pair });
    return new Promise((resolve) => {
      socket.once('error', ({ message }) => resolve(message));
      socket.once('close', () => resolve(undefined));
      socket.resume();
      socket.once('secureConnect', () => {
        // The count and the message apart, as syslog-ng writes them.
        socket.write('4 ');
        socket.end('<1>a');
      });
    });
  }

  it('takes messages of anybody where no client certificate is asked for', async () => {
    const tls = { cert_file: file('server.pem'), key_file: file('server.key') };
    const { address, host } = await rig.start({ tls_port: 0, tls });
    expect(await send(address)).toBeUndefined();
    await until(() => host.messages.length === 1);
    expect(host.batches[0]?.peer).toEqual({ address: HOST, transport: 'tls' });
  });

  it('takes those with a certificate only, and tells its name', async () => {
    const tls = { cert_file: file('server.pem'), key_file: file('server.key'), ca_file: file('ca.pem') };
    const { address, host } = await rig.start({ tls_port: 0, tls });
    await send(address);
    await send(address, 'stranger');
    expect(await send(address, 'client')).toBeUndefined();
    await until(() => host.messages.length === 1);
    expect([host.messages, host.dropped.get('tls_failed')]).toEqual([['<1>a'], 2]);
    expect(host.batches[0]?.peer).toEqual({ address: HOST, transport: 'tls', certificateName: 'fw-1' });
  });

  it('counts who does not speak TLS', async () => {
    const tls = { cert_file: file('server.pem'), key_file: file('server.key') };
    const { address, host } = await rig.start({ tls_port: 0, tls });
    const socket = await open(address);
    socket.write('<1>plain\n');
    await once(socket, 'close');
    expect([host.messages, Object.fromEntries(host.dropped)]).toEqual([[], { tls_failed: 1 }]);
  });

  it.each([
    [{ tls_port: 0 }, 'tls'],
    [{}, 'name no port'],
    [{ tls_port: 0, tls: { cert_file: 'a', key_file: 'b', client_certificates: 'required' } }, 'ca_file'],
  ])('needs what it is made of: %j', (options, expected) => {
    const read = input.options.safeParse(options);
    expect(JSON.stringify(read.error?.issues)).toContain(expected);
  });
});
