import assert from 'node:assert/strict';
import type { ArchiveStorage } from '../archive-storage.port.js';
import type { ArchiveStorageCase } from './contract-case.js';
import { textContent } from './test-content.js';

/** In the order of their bytes, where a folder's slash sorts before and behind other signs. */
const KEYS = [
  'a-b/x.json',
  'a.json',
  'a/b.json',
  'a/b/c.json',
  'a0/x.json',
  'tenant=a/day=02/part-1.parquet',
  'tenant=a/day=03/part-0.parquet',
  'tenant=a/day=03/part-1.parquet',
  'tenant=a_b/day=02/part-1.parquet',
];

const WRONG_KEYS = [
  '',
  'folder/',
  '/etc/passwd.txt',
  '../outside.json',
  'a/../../outside.json',
  'a/./b.json',
  'a//b.json',
  '.hidden.json',
  'a/.incoming.json',
  'a.b/c.json',
  'no-dot',
  'A.json',
  'a b.json',
  'a%2e%2e%2fb.json',
  'a\\b.json',
  'nul\0.json',
  'line\n.json',
  'ü.json',
  `${'a'.repeat(250)}.json`,
  `${'abcdefgh/'.repeat(100)}a.json`,
];
const WRONG_PREFIXES = ['/', '../', 'a/../', 'a//', 'A', '%2e', '.', 'a\0', 'a/.x'];

async function fill(storage: ArchiveStorage): Promise<void> {
  for (const [n, key] of KEYS.toReversed().entries()) await storage.put(key, textContent('x'.repeat(n)));
}

async function keysOf(...[storage, ...args]: [ArchiveStorage, ...Parameters<ArchiveStorage['list']>]) {
  return (await storage.list(...args)).map(({ key }) => key);
}

/** Keys, and lists of them. */
export const keyCases: readonly ArchiveStorageCase[] = [
  {
    promise: 'list',
    name: 'lists in the order of bytes, with sizes, by any beginning of a key',
    async run({ storage }) {
      assert.deepEqual(await storage.list(''), []);
      await fill(storage);
      assert.deepEqual(
        await storage.list(''),
        KEYS.map((key, n) => ({ key, bytes: KEYS.length - 1 - n })),
      );
      for (const prefix of ['a', 'a/', 'a/b', 'tenant=a/', 'tenant=a/day=03/p', 'tenant=a', 'zzz', 'a.json'])
        assert.deepEqual(
          await keysOf(storage, prefix),
          KEYS.filter((key) => key.startsWith(prefix)),
          prefix,
        );
    },
  },
  {
    promise: 'list',
    name: 'goes on behind a key, page by page, each object once',
    async run({ storage }) {
      await fill(storage);
      for (const limit of [1, 2, 4]) {
        const seen: string[] = [];
        for (let page = await keysOf(storage, '', { limit }); page.length > 0;) {
          assert.ok(page.length <= limit);
          seen.push(...page);
          page = await keysOf(storage, '', { limit, after: page.at(-1) ?? '' });
        }
        assert.deepEqual(seen, KEYS);
      }
      const behind = await keysOf(storage, 'tenant=a/', { after: 'tenant=a/day=02/zzz.parquet' });
      assert.deepEqual(behind, KEYS.slice(6, 8));
    },
  },
  {
    promise: 'keys',
    name: 'refuses keys that would lead out of its place or mean something else there',
    async run({ storage }) {
      const refused = { code: 'archive_key_invalid', retryable: false };
      for (const key of WRONG_KEYS) {
        await assert.rejects(storage.put(key, textContent('x')), refused, JSON.stringify(key));
        await assert.rejects(storage.get(key), refused);
        await assert.rejects(storage.head(key), refused);
        await assert.rejects(storage.delete(key), refused);
      }
      for (const prefix of WRONG_PREFIXES) await assert.rejects(storage.list(prefix), refused, prefix);
      assert.deepEqual(await storage.list(''), []);
    },
  },
  {
    promise: 'list',
    name: 'refuses pages that can’t be',
    async run({ storage }) {
      for (const limit of [0, -1, 1.5, 1_001, Number.NaN])
        await assert.rejects(storage.list('', { limit }), { code: 'archive_range_invalid' });
    },
  },
];
