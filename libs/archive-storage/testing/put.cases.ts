import assert from 'node:assert/strict';
import { contentOfBytes } from '../object-content.js';
import type { ArchiveStorageCase } from './contract-case.js';
import { breakingContent, inPieces, LARGE_BYTES, readAll, testBytes, textContent } from './test-content.js';

const KEY = 'tenant=a/year=2026/part.parquet';

/** How objects come to be: once, whole, durably. */
export const putCases: readonly ArchiveStorageCase[] = [
  {
    promise: 'put',
    name: 'gives back what was put, small, empty and large, in pieces of any length',
    async run({ storage }) {
      for (const [key, bytes] of [
        ['a.parquet', testBytes(1_000)],
        ['deep/er/empty.json', Buffer.alloc(0)],
        [KEY, testBytes(LARGE_BYTES)],
      ] as const) {
        assert.deepEqual(await storage.put(key, inPieces(bytes)), { added: true });
        const { sha256 } = contentOfBytes(bytes);
        assert.ok((await readAll(await storage.get(key, { sha256 }))).equals(bytes), key);
        assert.deepEqual(await storage.head(key), { bytes: bytes.length, sha256 });
      }
    },
  },
  {
    promise: 'once',
    name: 'takes the same content again, and no other in its place',
    async run({ storage }) {
      for (const bytes of [testBytes(10), testBytes(LARGE_BYTES)]) {
        const key = `of-${bytes.length}.parquet`;
        await storage.put(key, contentOfBytes(bytes));
        assert.deepEqual(await storage.put(key, contentOfBytes(bytes)), { added: false });
        const other = contentOfBytes(testBytes(bytes.length, 'another'));
        await assert.rejects(storage.put(key, other), { code: 'archive_object_exists', retryable: false });
        assert.ok((await readAll(await storage.get(key))).equals(bytes), 'the first one stays');
      }
    },
  },
  {
    promise: 'once',
    name: 'lets one of many win who put different contents at once',
    async run({ storage }) {
      const texts = Array.from({ length: 16 }, (_, n) => `content ${n}`);
      const outcomes = await Promise.allSettled(texts.map((text) => storage.put(KEY, textContent(text))));
      const winners = texts.filter((_, n) => outcomes[n]?.status === 'fulfilled');
      assert.equal(winners.length, 1);
      assert.equal(String(await readAll(await storage.get(KEY))), winners[0]);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'archive_object_exists');
    },
  },
  {
    promise: 'whole',
    name: 'keeps nothing of content that is not what its sum and length say, or that breaks off',
    async run({ storage, leftovers }) {
      for (const size of [1_000, LARGE_BYTES]) {
        const bytes = testBytes(size);
        const { open } = contentOfBytes(bytes);
        const right = contentOfBytes(bytes);
        const wrong = [
          { ...contentOfBytes(testBytes(size, 'another')), open },
          { ...right, bytes: size + 1 },
          { ...right, bytes: size - 1 },
        ];
        for (const content of wrong)
          await assert.rejects(storage.put(KEY, content), { code: 'archive_content_changed' });
        await assert.rejects(storage.put(KEY, breakingContent(bytes, size - 10)), /the source broke/);
        assert.equal(await storage.head(KEY), undefined);
        assert.equal(await leftovers(), 0);
        assert.deepEqual(await storage.put(KEY, right), { added: true });
        await storage.delete(KEY);
      }
    },
  },
  {
    promise: 'durable',
    name: 'has after a crash what was put, and not what was not',
    async run({ storage, crash, leftovers }) {
      const bytes = testBytes(LARGE_BYTES);
      await storage.put(KEY, contentOfBytes(bytes));
      await storage.put('b.json', textContent('{}'));
      await storage.delete('b.json');
      const after = await crash();
      assert.ok((await readAll(await after.get(KEY))).equals(bytes));
      assert.equal(await after.head('b.json'), undefined);
      assert.deepEqual(await after.put(KEY, contentOfBytes(bytes)), { added: false });
      assert.equal(await leftovers(), 0);
    },
  },
];
