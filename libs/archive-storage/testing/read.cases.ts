import assert from 'node:assert/strict';
import { contentOfBytes } from '../object-content.js';
import type { ArchiveStorageCase } from './contract-case.js';
import { readAll, testBytes, textContent } from './test-content.js';

const KEY = 'tenant=a/stream=b/part.parquet';

/** Reading, looking, removing. */
export const readCases: readonly ArchiveStorageCase[] = [
  {
    promise: 'read',
    name: 'reads ranges: within, over the end, one byte; none that begins behind the end',
    async run({ storage }) {
      const bytes = testBytes(700_000);
      await storage.put(KEY, contentOfBytes(bytes));
      for (const [offset, length] of [
        [0, 1],
        [0, 700_000],
        [100, 300_000],
        [699_999, 1],
        [699_990, 1_000],
      ] as const) {
        const read = await readAll(await storage.get(KEY, { range: { offset, length } }));
        assert.ok(read.equals(bytes.subarray(offset, offset + length)), `${offset}+${length}`);
      }
      const behind = storage.get(KEY, { range: { offset: 700_000, length: 1 } });
      await assert.rejects(behind, { code: 'archive_range_outside', retryable: false });
    },
  },
  {
    promise: 'read',
    name: 'refuses ranges that can’t be, before it looks',
    async run({ storage }) {
      for (const range of [
        { offset: -1, length: 1 },
        { offset: 0, length: 0 },
        { offset: 0.5, length: 1 },
        { offset: 0, length: Number.NaN },
      ])
        await assert.rejects(storage.get(KEY, { range }), { code: 'archive_range_invalid' });
    },
  },
  {
    promise: 'sum',
    name: 'ends with an error where what is read has not the sum that it should have',
    async run({ storage }) {
      const bytes = testBytes(1_000);
      const { sha256 } = contentOfBytes(bytes);
      await storage.put(KEY, contentOfBytes(testBytes(1_000, 'another')));
      const read = storage.get(KEY, { sha256 }).then(readAll);
      await assert.rejects(read, { code: 'archive_object_damaged', retryable: false });
    },
  },
  {
    promise: 'read',
    name: 'says of what is not there that it is not there',
    async run({ storage }) {
      await storage.put(KEY, textContent('x'));
      for (const key of ['tenant=a/stream=b/other.parquet', 'nowhere/part.parquet']) {
        await assert.rejects(storage.get(key), { code: 'archive_object_missing', retryable: false });
        assert.equal(await storage.head(key), undefined);
      }
    },
  },
  {
    promise: 'delete',
    name: 'removes an object and no other, also what is not there, and makes room for another',
    async run({ storage }) {
      await storage.put(KEY, textContent('first'));
      await storage.put('tenant=a/stream=b/other.parquet', textContent('other'));
      await storage.delete(KEY);
      await storage.delete(KEY);
      await storage.delete('nowhere/part.parquet');
      assert.equal(await storage.head(KEY), undefined);
      const keys = (await storage.list('')).map(({ key }) => key);
      assert.deepEqual(keys, ['tenant=a/stream=b/other.parquet']);
      assert.deepEqual(await storage.put(KEY, textContent('second')), { added: true });
      assert.equal(String(await readAll(await storage.get(KEY))), 'second');
    },
  },
  {
    promise: 'check',
    name: 'finds a store that works fit, and leaves nothing there',
    async run({ storage, leftovers }) {
      await storage.check();
      await storage.check();
      assert.deepEqual(await storage.list(''), []);
      assert.equal(await leftovers(), 0);
    },
  },
  {
    promise: 'stop',
    name: 'can be stopped twice and takes nothing more',
    async run({ storage }) {
      await storage.put(KEY, textContent('x'));
      await Promise.all([storage.stop(), storage.stop()]);
      const refused = { code: 'archive_storage_stopped', retryable: true };
      await assert.rejects(storage.put(KEY, textContent('x')), refused);
      await assert.rejects(storage.get(KEY), refused);
      await assert.rejects(storage.head(KEY), refused);
      await assert.rejects(storage.list(''), refused);
      await assert.rejects(storage.delete(KEY), refused);
      await assert.rejects(storage.check(), refused);
    },
  },
];
