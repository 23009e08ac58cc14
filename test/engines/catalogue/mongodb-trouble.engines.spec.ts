import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { MongoPlace } from '#catalogue';
import { openMongoCatalogue, PATIENCE } from '#catalogue/testing';
import { makeCertificates } from '../../inputs/certificates.js';
import { startOldMongodb } from '../../support/old-mongodb.js';
import { startTestMongodb } from '../../support/test-mongodb.js';

const folder = await mkdtemp(join(tmpdir(), 'alluvium-mongodb-trouble-'));
const files = await makeCertificates(folder);
const [ca = '', cert = '', key = ''] = await Promise.all(
  [files.ca, files.cert, files.key].map((path) => readFile(path, 'utf8')),
);
const users = [
  { name: 'reader', password: 'r', roles: [{ role: 'readAnyDatabase', db: 'admin' }] },
  { name: 'writer', password: 'w', roles: [{ role: 'readWriteAnyDatabase', db: 'admin' }] },
];
const server = await startTestMongodb({ users, tls: { ca, cert, key } });
const old = await startOldMongodb();
const opened: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.stop()));
});
afterAll(async () => {
  old.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const withTls = (uri: string): string => `${uri}&tls=true`;

/** The first thing that is said of a place. */
async function problemOf(change: (place: MongoPlace) => Partial<MongoPlace>): Promise<string> {
  const place = server.place();
  const problems: (string | undefined)[] = [];
  const opening = openMongoCatalogue({ ...place, ...change(place) }, problems);
  // One that can't be used is waited for without an end: its process would end it.
  void opening.then((catalogue) => opened.push(catalogue));
  await expect.poll(() => problems.length, { timeout: 15_000 }).toBeGreaterThan(0);
  return problems[0] ?? 'nothing is wrong';
}

describe('a MongoDB that is not fit is said with the setting by which it is mended:', () => {
  it.each<readonly [string, Partial<MongoPlace>, RegExp]>([
    ['another password', { password: () => 'another' }, /let the user in.*MONGODB_PASSWORD/],
    ['a user who may only read', { user: 'reader', password: () => 'r' }, /denies the user.*readWrite/],
    ['another host', { uri: 'mongodb://127.0.0.1:1/?replicaSet=rs0' }, /ECONNREFUSED.*MONGODB_URI/],
    ['a name of no host', { uri: 'mongodb://no.invalid/?replicaSet=rs0' }, /no\.invalid.*MONGODB_URI/],
    ['an old version', { uri: old.uri }, /too old.*4\.4 or newer.*MONGODB_URI/],
  ])('%s', async (_what, wrong: Partial<MongoPlace>, says) => {
    expect(await problemOf(() => wrong)).toMatch(says);
  });

  it.runIf(server.nodes.length > 0)(
    'no user, another set, and an authority that is not its own',
    async () => {
      const { uri, database } = server.place();
      expect(await problemOf(() => ({ user: undefined as never, uri, database }))).toMatch(/MONGODB_USER/);
      expect(await problemOf((place) => ({ uri: place.uri.replace('rs0', 'rs1') }))).toMatch(/replicaSet/);
      expect(await problemOf((place) => ({ uri: withTls(place.uri) }))).toMatch(/MONGODB_TLS_CA/);
    },
  );
});

describe('a catalogue on MongoDB', () => {
  it.runIf(server.nodes.length > 0)(
    'is reached by TLS, with no more rights than the guide says',
    async () => {
      const place = server.place();
      const login = { user: 'writer', password: () => 'w' };
      const catalogue = await openMongoCatalogue({
        ...place,
        ...login,
        ca: files.ca,
        uri: withTls(place.uri),
      });
      opened.push(catalogue);
      await catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
      expect((await catalogue.read('things', 'a'))?.value).toBe(1);
      expect(catalogue.status()).toEqual({ engine: 'mongodb', members: { alive: 1, known: 1 } });
    },
  );

  it.runIf(server.nodes.length > 0)(
    'says that it is out, refuses at once, and is back by itself',
    async () => {
      const [node] = server.nodes;
      const problems: (string | undefined)[] = [];
      const catalogue = await openMongoCatalogue(server.place(), problems);
      opened.push(catalogue);
      const change = { collection: 'things', id: 'a', value: 1 };
      await node?.end('SIGKILL');
      await expect.poll(() => problems.at(-1), { timeout: 20_000 }).toMatch(/MONGODB_URI/);
      // The driver by itself waits for a server: an answer before that comes from what is known already.
      const waiting = { ended: false };
      const driver = setTimeout(() => (waiting.ended = true), PATIENCE.selectionMs);
      await expect(catalogue.write([change])).rejects.toMatchObject({
        code: 'catalogue_unavailable',
        retryable: true,
      });
      await expect(catalogue.read('things', 'a')).rejects.toThrow(/MONGODB_URI/);
      clearTimeout(driver);
      expect(waiting.ended).toBe(false);
      expect(catalogue.status()).toMatchObject({ fault: problems.at(-1), members: { alive: 0, known: 1 } });
      await node?.start();
      await expect.poll(() => catalogue.status().fault, { timeout: 20_000 }).toBeUndefined();
      expect(await catalogue.write([change])).toEqual([{ kind: 'written', version: 1 }]);
      expect(problems.filter((each) => each === undefined)).toHaveLength(2);
    },
  );

  it('that was emptied under a running process is not taken for the same', async () => {
    const place = server.place();
    const problems: (string | undefined)[] = [];
    const catalogue = await openMongoCatalogue(place, problems);
    opened.push(catalogue);
    expect(problems).toEqual([undefined]);
    await server.client.db(place.database).dropDatabase();
    await expect.poll(() => catalogue.status().fault, { timeout: 20_000 }).toMatch(/another catalogue/);
  });
});
