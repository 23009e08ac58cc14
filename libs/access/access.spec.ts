import { describe, expect, it } from 'vitest';
import { CatalogueError, type Stored } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { AccessError } from './access.errors.js';
import { Access } from './access.js';
import { makeKey } from './key-format.js';
import { createAccess, principalWith } from './testing/access-fixture.js';

const ADMIN = principalWith();
const REQUEST = { name: 'shop', scopes: ['events:write', 'logs:read'] };

/** Counts reads, and holds them back when told to. */
class WatchedCatalogue extends MemoryCatalogue {
  reads = 0;
  gate: Promise<void> | undefined;
  down = false;

  override async read<T>(collection: string, id: string): Promise<Stored<T> | undefined> {
    this.reads += 1;
    if (this.down) throw new CatalogueError('The disk is gone.');
    const gate = this.gate;
    const found = await super.read<T>(collection, id);
    await gate;
    return found;
  }
}

async function refusal(access: Access, header: string | undefined): Promise<AccessError> {
  const answer = await access.authenticate(header);
  if (!(answer instanceof AccessError)) throw new Error(`${answer.keyId} was let in`);
  expect(answer).toMatchObject({ code: 'unauthenticated', retryable: false, logLevel: 'info' });
  return answer;
}

describe('a good key', () => {
  it('names its principal, in any case of the scheme', async () => {
    const { access, ring } = createAccess();
    const { key, record } = await ring.createKey(ADMIN, { ...REQUEST, streams: ['orders', 'web'] });
    for (const header of [`Bearer ${key}`, `bearer ${key}`, `BEARER  ${key} `]) {
      expect(await access.authenticate(header)).toEqual({
        keyId: record.id,
        keyName: 'shop',
        tenant: 'default',
        scopes: new Set(['events:write', 'logs:read']),
        source: 'shop',
        defaultStream: 'orders',
        streams: new Set(['orders', 'web']),
      });
    }
  });

  it('is looked up once, also when the catalogue is down later', async () => {
    const catalogue = new WatchedCatalogue();
    const { access, ring } = createAccess(catalogue);
    const { key, record } = await ring.createKey(ADMIN, REQUEST);
    await access.authenticate(`Bearer ${key}`);
    catalogue.reads = 0;
    catalogue.down = true;
    for (let i = 0; i < 100; i += 1) {
      expect(await access.authenticateKey(key)).toMatchObject({ keyId: record.id });
    }
    expect(catalogue.reads).toBe(0);
    await expect(access.authenticateKey(makeKey())).rejects.toMatchObject({ retryable: true });
  });
});

describe('a credential that is none', () => {
  it.each([
    [undefined, /No credential/],
    ['', /No credential/],
    ['Basic dXNlcjpwYXNz', /no bearer token/],
    ['Bearer', /no bearer token/],
    ['Bearer a b', /no bearer token/],
    ['Bearer let-me-in', /not a key of this server/],
    [`Bearer alv_abcdefgh_${'x'.repeat(5_000)}`, /not a key of this server/],
    ['Bearer alv_../../x_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /not a key of this server/],
  ])('%s is refused with a way to mend it, without a look into the catalogue', async (header, why) => {
    const catalogue = new WatchedCatalogue();
    const { access } = createAccess(catalogue);
    const { message } = await refusal(access, header);
    expect(message).toMatch(why);
    expect(message).toContain('Authorization: Bearer <key>');
    expect(catalogue.reads).toBe(0);
  });

  it('or that was tampered with at any place is refused, and the error shows no part of it', async () => {
    const { access, ring } = createAccess();
    const { key } = await ring.createKey(ADMIN, REQUEST);
    await access.authenticateKey(key);
    for (let i = 0; i < key.length; i += 1) {
      const tampered = key.slice(0, i) + (key[i] === 'x' ? 'y' : 'x') + key.slice(i + 1);
      const error = await refusal(access, `Bearer ${tampered}`);
      expect(`${error.message} ${error.stack}`).not.toContain(tampered.slice(13, 40));
    }
    await refusal(access, `Bearer ${key}A`);
    await refusal(access, `Bearer ${key.slice(0, -1)}`);
    expect(await access.authenticateKey(key)).toMatchObject({ keyName: 'shop' });
  });
});

describe('1,000 wrong keys at once', () => {
  it('are all refused, while a good key is let in without a look-up; nothing is written', async () => {
    const catalogue = new WatchedCatalogue();
    const { access, ring } = createAccess(catalogue);
    const { key, record } = await ring.createKey(ADMIN, REQUEST);
    await access.authenticateKey(key);
    const before = JSON.stringify(await catalogue.scan('keys'));
    catalogue.reads = 0;
    const wrong = Array.from({ length: 1_000 }, (_, i) =>
      i % 2 ? makeKey() : `alv_${record.id}_${makeKey().slice(13)}`,
    );
    const attempts = wrong.flatMap((each) => [
      refusal(access, `Bearer ${each}`),
      access.authenticateKey(key),
    ]);
    const answers = await Promise.all(attempts);
    expect(answers.filter((answer) => answer instanceof AccessError)).toHaveLength(1_000);
    expect(catalogue.reads).toBe(1_000);
    await Promise.all(wrong.map((each) => refusal(access, `Bearer ${each}`)));
    expect(catalogue.reads).toBe(1_000);
    expect(JSON.stringify(await catalogue.scan('keys'))).toBe(before);
  });
});

describe('a key that ends', () => {
  it('is refused from the moment it is revoked, also when it was known', async () => {
    const { access, ring } = createAccess();
    const { key, record } = await ring.createKey(ADMIN, REQUEST);
    const other = await ring.createKey(ADMIN, REQUEST);
    await access.authenticateKey(key);
    await ring.revokeKey(ADMIN, record.id);
    expect((await refusal(access, `Bearer ${key}`)).message).toContain(`${record.id} was revoked`);
    expect(await access.authenticateKey(other.key)).toMatchObject({ keyId: other.record.id });
  });

  it('is refused when it was revoked while it was being looked up', async () => {
    const catalogue = new WatchedCatalogue();
    const { access, ring } = createAccess(catalogue);
    const { key, record } = await ring.createKey(ADMIN, REQUEST);
    let open = (): void => undefined;
    catalogue.gate = new Promise((resolve) => (open = resolve));
    const slow = access.authenticateKey(key);
    catalogue.gate = undefined;
    await ring.revokeKey(ADMIN, record.id);
    open();
    await slow;
    await refusal(access, `Bearer ${key}`);
  });

  it('is refused from the moment it expires, also when it was known', async () => {
    const { access, ring, clock } = createAccess();
    const expiresAt = BigInt(clock.ms + 60_000) * 1_000_000n;
    const { key, record } = await ring.createKey(ADMIN, { ...REQUEST, expiresAt });
    clock.ms += 59_999;
    expect(await access.authenticateKey(key)).toMatchObject({ keyId: record.id });
    clock.ms += 1;
    expect((await refusal(access, `Bearer ${key}`)).message).toContain('has expired');
  });

  it('that was refused before it was made is let in afterwards', async () => {
    const { access, keys, hasher, ring } = createAccess();
    const key = makeKey();
    await refusal(access, `Bearer ${key}`);
    const { record } = await ring.createKey(ADMIN, REQUEST);
    await keys.create({ ...record, id: key.slice(4, 12), hash: hasher.hash(key) });
    expect(await access.authenticateKey(key)).toMatchObject({ keyName: 'shop' });
  });
});
