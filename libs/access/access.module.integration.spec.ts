import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditModule, AuditRecord } from '#audit';
import { CatalogueModule } from '#catalogue';
import { createLogger, LoggerModule, MetricsModule } from '#observability';
import {
  Access,
  AccessModule,
  ADMIN_KEY_PLACE,
  KeyRing,
  type AdminKeyPlace,
  type Principal,
} from './index.js';
import { makeKey } from './key-format.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'alluvium-access-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const file = (name: string) => join(directory, name);
const read = (name: string) => readFileSync(file(name), 'utf8');

async function start(adminKey?: string) {
  const imports = [
    LoggerModule.forRoot(createLogger('fatal')),
    MetricsModule.forRoot(),
    CatalogueModule.register({ directory: file('catalogue') }),
    AuditModule.register(),
    AccessModule.register({ directory, ...(adminKey !== undefined && { adminKey }) }),
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  const place = app.get<AdminKeyPlace>(ADMIN_KEY_PLACE);
  const audit = app.get(AuditRecord);
  return { audit, access: app.get(Access), ring: app.get(KeyRing), place, stop: () => app.close() };
}

/** Starts once, asks who the key is, stops. */
async function whoIs(key: string, adminKey?: string) {
  const { access, place, stop } = await start(adminKey);
  const answer = await access.authenticate(`Bearer ${key}`);
  await stop();
  return { answer, place };
}

describe('the first start', () => {
  it('leaves an admin key that may do everything, readable for its owner alone, and keeps it afterwards', async () => {
    await (await start()).stop();
    const key = read('admin.key').trimEnd();
    expect(read('admin.key')).toBe(`${key}\n`);
    expect(key).toMatch(/^alv_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    for (const name of ['admin.key', 'pepper']) expect(statSync(file(name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).toSorted()).toEqual(['admin.key', 'catalogue', 'pepper']);
    const { answer, place } = await whoIs(key);
    expect(answer).toMatchObject({ keyName: 'admin', tenant: 'default', defaultStream: 'default' });
    expect([...(answer as Principal).scopes]).toContain('system');
    expect(place).toEqual({ kind: 'file', path: file('admin.key') });
    expect(read('admin.key')).toBe(`${key}\n`);
  });

  it('records the key once, over all starts', async () => {
    await (await start()).stop();
    const { audit, stop } = await start();
    const { entries } = await audit.list({}, { limit: 10 });
    await stop();
    const [, id = '', secret = ''] = read('admin.key').trimEnd().split('_');
    expect(entries).toMatchObject([
      { actor: { kind: 'appliance' }, action: 'key.create', object: id, tenant: 'default' },
    ]);
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it('takes the key of the settings instead, and makes no file', async () => {
    const key = makeKey();
    const { answer, place } = await whoIs(key, key);
    expect(answer).toMatchObject({ keyName: 'admin' });
    expect(place.kind).toBe('setting');
    expect(readdirSync(directory)).not.toContain('admin.key');
    expect((await whoIs(key, key)).answer).toMatchObject({ keyName: 'admin' });
  });

  it('goes on where a crash left the file but not the key', async () => {
    const key = makeKey();
    writeFileSync(file('admin.key'), `${key}\n`);
    expect((await whoIs(key)).answer).toMatchObject({ keyName: 'admin' });
    expect(read('admin.key')).toBe(`${key}\n`);
  });
});

describe('a later start', () => {
  it('makes no second admin key when the file was taken away', async () => {
    await (await start()).stop();
    const key = read('admin.key').trimEnd();
    rmSync(file('admin.key'));
    const { answer, place } = await whoIs(key);
    expect(answer).toMatchObject({ keyName: 'admin' });
    expect(place.kind).toBe('elsewhere');
    expect(readdirSync(directory)).not.toContain('admin.key');
  });

  it('leaves a revoked admin key revoked, though the settings still name it', async () => {
    const key = makeKey();
    const first = await start(key);
    const admin = (await first.access.authenticateKey(key)) as Principal;
    await first.ring.revokeKey(admin, admin.keyId);
    await first.stop();
    expect((await whoIs(key, key)).answer).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a start is refused, without showing a secret,', () => {
  async function refusal(adminKey?: string): Promise<Error & { readonly code: string }> {
    const started = start(adminKey).then(
      async ({ stop }) => stop().then(() => Promise.reject(new Error('it started'))),
      (error: Error & { readonly code: string }) => error,
    );
    return started;
  }

  it('when the settings hold another secret for the id of a key', async () => {
    const key = makeKey();
    await (await start(key)).stop();
    const other = `${key.slice(0, 13)}${makeKey().slice(13)}`;
    const error = await refusal(other);
    expect(error).toMatchObject({ code: 'admin_key_conflict' });
    expect(error.message).not.toContain(other.slice(13, 30));
  });

  it('when the pepper is not the one that the keys were made with', async () => {
    await (await start()).stop();
    const pepper = read('pepper').trimEnd();
    rmSync(file('pepper'));
    const error = await refusal();
    expect(error).toMatchObject({ code: 'pepper_mismatch' });
    writeFileSync(file('pepper'), `${pepper}\n`);
    await (await start()).stop();
  });

  it.each([
    ['pepper', 'half-a-pep'],
    ['admin.key', 'canary-secret-canary-secret'],
  ])('when %s holds something else', async (name, content) => {
    writeFileSync(file(name), content);
    const error = await refusal();
    expect(error).toMatchObject({ code: 'secret_file_unreadable' });
    expect(error.message).toContain(file(name));
    expect(`${error.message} ${error.stack}`).not.toContain(content);
  });
});

it('the secret of a key is nowhere in the files of the catalogue', async () => {
  const key = makeKey();
  const { ring, access, stop } = await start(key);
  const admin = (await access.authenticateKey(key)) as Principal;
  const made = await ring.createKey(admin, { name: 'canary', scopes: ['events:write'] });
  await access.authenticateKey(made.key);
  await stop();
  for (const name of readdirSync(file('catalogue'))) {
    const bytes = readFileSync(join(file('catalogue'), name));
    for (const each of [key, made.key]) expect(bytes.includes(each.slice(13))).toBe(false);
  }
});
