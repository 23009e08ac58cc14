import { readdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenSetup } from '../testing/broken-setup.js';

let setup: BrokenSetup;
beforeEach(() => {
  setup = new BrokenSetup();
});
afterEach(() => setup.dispose());

describe('a port', () => {
  it('that another program has is named, whether it speaks HTTP or not', async () => {
    const port = await setup.listen(createHttpServer((_, response) => void response.end('hello')));
    expect(await setup.complaint({ ALLUVIUM_HTTP_PORT: port })).toMatchObject({
      check: 'port',
      status: 'problem',
      what: 'Another program listens there: its answer is not that of Alluvium.',
      where: `127.0.0.1:${port}`,
      mend: expect.stringContaining('ALLUVIUM_HTTP_PORT'),
    });
    const silent = await setup.listen(createServer((socket) => void socket.resume().end('220 mail\r\n')));
    expect((await setup.complaint({ ALLUVIUM_HTTP_PORT: silent })).what).toMatch(
      /does not answer as HTTP \(HPE_/,
    );
  });

  it('that another Alluvium has is not its own', async () => {
    const port = await setup.listenAsAlluvium('up');
    expect((await setup.complaint({ ALLUVIUM_HTTP_PORT: port })).what).toBe(
      'An Alluvium with another data directory listens there.',
    );
  });

  it('of an address that is none of this machine, or of no machine', async () => {
    const env = { ALLUVIUM_HTTP_PORT: '18080' };
    expect(await setup.complaint({ ...env, ALLUVIUM_HTTP_HOST: '192.0.2.1' })).toMatchObject({
      what: 'The address is not one of this machine.',
      mend: expect.stringContaining('0.0.0.0'),
    });
    expect((await setup.complaint({ ...env, ALLUVIUM_HTTP_HOST: 'no-such-host.invalid' })).what).toMatch(
      /^The name of the host (is not known|can not be looked up now)\.$/,
    );
  });
});

describe('a server that runs', () => {
  it('is told from a second one: it has the port and the directory', async () => {
    await setup.own();
    const port = await setup.listenAsAlluvium('up');
    const findings = await setup.examine({ ALLUVIUM_HTTP_PORT: port });
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(findings.find(({ check }) => check === 'server')?.what).toBe('It runs, and takes events.');
  });

  it('that does not answer keeps a second one from the directory', async () => {
    await setup.own();
    expect(await setup.complaint()).toMatchObject({
      check: 'data directory',
      status: 'problem',
      what: expect.stringMatching(
        new RegExp(`in use by process ${process.pid} on .*A second server would be refused`),
      ),
      mend: expect.stringContaining('ALLUVIUM_DATA_DIR'),
    });
    expect(readdirSync(setup.folder)).toEqual(['owner.lock']);
  });

  it('may hang: then the port and the directory are taken, and nothing answers', async () => {
    await setup.own();
    const port = await setup.listen(createServer((socket) => void socket.resume().end('busy\r\n')));
    const found = await setup.complaints({ ALLUVIUM_HTTP_PORT: port });
    expect(found.map(({ check }) => check)).toEqual(['port', 'data directory']);
    expect(found[0]).toMatchObject({
      what: expect.stringContaining(`It may be process ${process.pid} on`),
      mend: expect.stringContaining('SIGKILL'),
    });
  });

  it('is named with the parts that are not up', async () => {
    await setup.own();
    const details = { bus: { status: 'up' }, search: { status: 'degraded', error: 'gone' } };
    expect(
      await setup.complaint({ ALLUVIUM_HTTP_PORT: await setup.listenAsAlluvium('degraded', details) }),
    ).toMatchObject({
      check: 'server',
      status: 'warning',
      what: expect.stringContaining('Not up: search {"status":"degraded","error":"gone"}.'),
    });
    const down = await setup.complaint({ ALLUVIUM_HTTP_PORT: await setup.listenAsAlluvium('down') });
    expect([down.status, down.what]).toEqual(['problem', 'It runs, but takes no events now.']);
  });

  it('may have another clock', async () => {
    await setup.own();
    const date = new Date(Date.now() + 90_000).toUTCString();
    const found = await setup.complaint({
      ALLUVIUM_HTTP_PORT: await setup.listenAsAlluvium('up', {}, { date }),
    });
    expect([found.check, found.what]).toEqual([
      'clock',
      expect.stringMatching(/^The server's clock is (89|90) s ahead\.$/),
    ]);
  });
});
