import { describe, expect, it } from 'vitest';
import { createAccess, principalWith } from './testing/access-fixture.js';

const ROOT = principalWith();
const TENANT_ADMIN = principalWith(['keys:admin', 'events:write'], { tenant: 'acme', keyId: 'acmeadm0' });
const REQUEST = { name: 'shop', scopes: ['events:write'] };

async function withTenants() {
  const fixture = createAccess();
  await fixture.tenants.create(ROOT, 'acme');
  await fixture.tenants.create(ROOT, 'globex');
  return fixture;
}

describe('a new key', () => {
  it('looks as documented, belongs to the tenant that asks, and is unlike every other', async () => {
    const { ring } = await withTenants();
    const made = await Promise.all(Array.from({ length: 50 }, () => ring.createKey(TENANT_ADMIN, REQUEST)));
    for (const { key, record } of made) {
      expect(key).toMatch(/^alv_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
      expect(record).toMatchObject({
        id: key.slice(4, 12),
        tenant: 'acme',
        source: 'shop',
        default_stream: 'default',
      });
      expect(record.created_at).toBe('2026-01-02T03:04:05.000000000Z');
    }
    expect(new Set(made.map(({ key }) => key)).size).toBe(50);
  });

  it('is in no record, list or stored document, nor is its hash in what people see', async () => {
    const { ring, catalogue } = await withTenants();
    const { key, record } = await ring.createKey(ROOT, REQUEST);
    const seen = JSON.stringify([record, await ring.listKeys(ROOT), await ring.revokeKey(ROOT, record.id)]);
    const stored = JSON.stringify(await catalogue.scan<{ hash: string }>('keys'));
    const secret = key.slice(13);
    for (let i = 0; i + 12 <= secret.length; i += 1) {
      expect(seen + stored).not.toContain(secret.slice(i, i + 12));
    }
    expect(seen).not.toContain('hash');
  });

  it.each([
    ['name', { name: 'Bad Name' }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['toString'] }],
    ['source', { source: '../x' }],
    ['default_stream', { defaultStream: 'No' }],
    ['streams', { streams: [] }],
    ['streams', { streams: ['a', '..'] }],
    ['default_stream', { streams: ['a'], defaultStream: 'b' }],
    ['expires_at', { expiresAt: 1n }],
  ])('with a wrong %s is refused, naming the field', async (field, part) => {
    const { ring } = await withTenants();
    await expect(ring.createKey(ROOT, { ...REQUEST, ...part })).rejects.toMatchObject({
      code: 'key_invalid',
      message: expect.stringContaining(`field ${field} `) as string,
    });
    expect(await ring.listKeys(ROOT)).toEqual([]);
  });

  it('can not be given to a tenant that is not there', async () => {
    const { ring } = await withTenants();
    const request = { ...REQUEST, tenant: 'nobody' };
    await expect(ring.createKey(ROOT, request)).rejects.toMatchObject({ code: 'tenant_not_found' });
  });
});

describe('a key that makes keys', () => {
  it.each([
    ['scopes that it lacks', { scopes: ['logs:read'] }],
    ['the scope system', { scopes: ['system'] }],
    ['keys of another tenant', { tenant: 'globex' }],
  ])('can not give %s', async (_what, part) => {
    const { ring } = await withTenants();
    const request = { ...REQUEST, ...part };
    await expect(ring.createKey(TENANT_ADMIN, request)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('can not give streams beyond its own', async () => {
    const { ring } = await withTenants();
    const held = { ...TENANT_ADMIN, streams: new Set(['web']) };
    await expect(ring.createKey(held, REQUEST)).rejects.toMatchObject({ code: 'forbidden' });
    const both = { ...REQUEST, streams: ['web', 'orders'] };
    await expect(ring.createKey(held, both)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await ring.createKey(held, { ...REQUEST, streams: ['web'] })).record.streams).toEqual(['web']);
  });

  it('needs the scope for it', async () => {
    const { ring } = await withTenants();
    const writer = principalWith(['events:write']);
    await expect(ring.createKey(writer, REQUEST)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await ring.listKeys(writer)).toEqual([]);
  });

  it('sees and revokes keys of its own tenant only, and can not tell that others are there', async () => {
    const { ring } = await withTenants();
    const own = await ring.createKey(TENANT_ADMIN, REQUEST);
    const foreign = await ring.createKey(ROOT, { ...REQUEST, tenant: 'globex' });
    expect(await ring.listKeys(TENANT_ADMIN)).toEqual([own.record]);
    expect(await ring.listKeys(ROOT)).toHaveLength(2);
    for (const id of [foreign.record.id, 'zzzzzzzz', '', '../keys', 'a\0b']) {
      await expect(ring.revokeKey(TENANT_ADMIN, id)).rejects.toMatchObject({
        code: 'key_not_found',
        message: 'There is no such key; list the keys to see their ids.',
      });
    }
    expect((await ring.revokeKey(TENANT_ADMIN, own.record.id)).revoked_at).toBeDefined();
  });

  it('can not end a key that stands above it', async () => {
    const { ring } = await withTenants();
    const root = await ring.createKey(ROOT, { ...REQUEST, scopes: ['system'], tenant: 'acme' });
    await expect(ring.revokeKey(TENANT_ADMIN, root.record.id)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

it('a repeated revocation keeps the first time', async () => {
  const { ring, clock } = await withTenants();
  const { record } = await ring.createKey(ROOT, REQUEST);
  const first = await ring.revokeKey(ROOT, record.id);
  clock.ms += 5_000;
  expect(await ring.revokeKey(ROOT, record.id)).toEqual(first);
});

it('more keys than one scan gives are all listed', async () => {
  const { ring } = await withTenants();
  for (let i = 0; i < 1_001; i += 1) await ring.createKey(ROOT, REQUEST);
  expect(await ring.listKeys(ROOT)).toHaveLength(1_001);
});
