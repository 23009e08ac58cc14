import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamSpec, TierServer } from '#plugin-kit';
import { makeCertificates } from '../../../test/inputs/certificates.js';
import { ClickHouseTier } from '../clickhouse-tier.js';
import { openEngine } from '../open-engine.js';
import { batchOf, EVERY_FIELD } from '../testing/sample-events.js';
import { ServerProxy } from '../testing/server-proxy.js';
import { startTestServer } from '../testing/test-server.js';

const server = await startTestServer();
let directory: string;
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-way-'));
});
afterAll(async () => {
  for (const end of ends) await end();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A tier on a server, by any way to it. */
async function tierOn(way: Partial<TierServer>): Promise<ClickHouseTier> {
  const { url, user, password } = { ...server, ...way };
  const context = {
    ...{ dataDirectory: directory, scratchDirectory: '', memoryBytes: 1e9, concurrency: 4 },
    server: { url, user, password, ...(way.ca !== undefined && { ca: way.ca }) },
    reach: () => undefined,
  };
  const { engine, staging } = await openEngine(context);
  const tier = new ClickHouseTier(engine, context, staging);
  ends.unshift(() => tier.stop());
  return tier;
}

async function proxied(tls?: { readonly cert: string; readonly key: string }): Promise<ServerProxy> {
  const proxy = await ServerProxy.start(server.url, tls);
  ends.push(() => proxy.close());
  return proxy;
}

describe('a server by TLS', () => {
  it('is spoken to where its authority is named, and not trusted where it is not', async () => {
    const { ca, cert, key } = await makeCertificates(directory);
    const { url } = await proxied({ cert, key });
    const trusting = await tierOn({ url, ca: await readFile(ca, 'utf8') });
    await trusting.ping();
    await expect((await tierOn({ url })).ping()).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('CLICKHOUSE_TLS_CA'),
    });
  });
});

describe('a server that can not be worked with', () => {
  it('is told apart by what is to be mended, and never with the password', async () => {
    const password = (): string => 'not-the-password';
    const wrong = await (await tierOn({ password })).ping().catch((error: Error) => error);
    expect(String(wrong)).toContain('CLICKHOUSE_PASSWORD');
    expect(JSON.stringify(wrong) + String((wrong as Error).stack)).not.toContain(password());
    await expect((await tierOn({ url: 'http://127.0.0.1:9' })).ping()).rejects.toThrow('CLICKHOUSE_URL');
  });

  // Elsewhere there is no such user: tools/engines/topology.mjs says so.
  it.each(server.engine ? ['reader'] : [])('says which grant its user lacks: %s', async (user) => {
    await expect((await tierOn({ user, password: () => 'r' })).ping()).rejects.toThrow(
      'GRANT CREATE DATABASE',
    );
  });

  it('is too old, until another one answers there', async () => {
    let version = '25.3.1.2703';
    const old = createServer((_request, answer) => {
      answer.end(JSON.stringify({ meta: [{ name: 'version' }, { name: 'result' }], data: [[version, 1]] }));
    });
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    ends.push(() => old.close());
    const tier = await tierOn({ url: `http://127.0.0.1:${(old.address() as AddressInfo).port}` });
    await expect(tier.ping()).rejects.toThrow('25.3.1.2703, and 26.7 or newer is needed');
    version = '27.1.1.1';
    await expect(tier.ping()).rejects.not.toThrow('or newer is needed');
  });
});

describe('an insert whose answer is lost', () => {
  const stream: StreamSpec = { tenant: 'lost', name: 'lost', eventType: EVERY_FIELD, keepRaw: 'when_needed' };
  const linesWith = (rest: string) => Array.from({ length: 50 }, (_, n) => `{"message":"event ${n}"${rest}}`);

  // Lines that are plain go straight into the stream's table, others through its entry table.
  it.each([
    ['plain lines', 'had come to the server before it was asked again', linesWith(''), 0],
    ['plain lines', 'comes only after all was stored by another', linesWith(''), 1_500],
    ['other lines', 'had come to the server before it was asked again', linesWith(',"free":{"n":[1]}'), 0],
    ['other lines', 'comes only after all was stored by another', linesWith(',"free":{"n":[1]}'), 1_500],
  ])('stores each event once: %s, whose statement %s', async (kind, _when, lines, lateMs) => {
    const proxy = await proxied();
    const tier = await tierOn({ url: proxy.url });
    await tier.prepare(stream);
    const before = await tier.count(stream);
    const batch = batchOf(stream, lines);
    const passed = proxy.lose(
      kind === 'plain lines'
        ? /INSERT INTO `tenant_lost`.`stream\.lost`/
        : /INSERT INTO `tenant_lost`.`entry\.lost`/,
      lateMs,
    );
    await expect(tier.insert(batch)).rejects.toMatchObject({ failure: 'unavailable' });
    const [block] = batch.blocks;
    const [present] = await tier.present(stream, [block!.header.id]);
    const skip = present!.stored.map((row) => ({ block: block!.header.id, row }));
    await tier.insert({ ...batch, token: `${batch.token}-again`, skip });
    await passed;
    expect((await tier.count(stream)) - before).toBe(lines.length);
    expect((await tier.present(stream, [block!.header.id]))[0]?.stored).toEqual(lines.map((_, n) => n));
  });
});
