import assert from 'node:assert/strict';
import type { Catalogue, ScanRange } from '../catalogue.port.js';
import { CatalogueMisuseError } from '../catalogue.errors.js';
import type { CatalogueCase } from './contract-case.js';

// In the order of their bytes; UTF-16 would put the emoji before U+FFFD.
const IDS = ['a', 'a ', 'a/1', 'a/2', 'a/20', 'a/\u00e9', 'a/\ufffd', 'a/\u{1faa8}', 'a0', 'b', '\u{10ffff}'];

async function fill(catalogue: Catalogue, ids: readonly string[]): Promise<void> {
  const shuffled = ids.toSorted((a, b) => a.length - b.length).toReversed();
  await catalogue.write(shuffled.map((id) => ({ collection: 'things', id, value: id })));
}

async function idsOf(catalogue: Catalogue, range?: ScanRange): Promise<readonly string[]> {
  return (await catalogue.scan('things', range)).map(({ id }) => id);
}

/** Many documents: scans and names. */
export const collectionCases: readonly CatalogueCase[] = [
  {
    promise: 'order',
    name: 'scans one collection in the order of the bytes of its ids',
    distributed: 'sort {_id: 1} under the simple collation compares UTF-8 bytes',
    async run({ catalogue }) {
      await fill(catalogue, IDS);
      await catalogue.write(
        ['thing', 'things2', 'thingsa'].map((c) => ({ collection: c, id: 'x', value: 1 })),
      );
      assert.deepEqual(await idsOf(catalogue), IDS);
    },
  },
  {
    promise: 'order',
    name: 'narrows by prefix to the very end of it',
    distributed: 'range {$gte: prefix, $lt: prefix with its last byte raised}, no regular expression',
    async run({ catalogue }) {
      await fill(catalogue, IDS);
      assert.deepEqual(await idsOf(catalogue, { prefix: 'a/' }), IDS.slice(2, 8));
      assert.deepEqual(await idsOf(catalogue, { prefix: '\u{10ffff}' }), IDS.slice(-1));
      assert.deepEqual(await idsOf(catalogue, { prefix: 'c' }), []);
    },
  },
  {
    promise: 'order',
    name: 'starts behind an id, there or not, and ends at the limit',
    distributed: '{$gt: after} and limit',
    async run({ catalogue }) {
      await fill(catalogue, IDS);
      assert.deepEqual(await idsOf(catalogue, { after: 'a/2' }), IDS.slice(4));
      assert.deepEqual(await idsOf(catalogue, { after: 'a/19', limit: 2 }), IDS.slice(3, 5));
      assert.deepEqual(await idsOf(catalogue, { prefix: 'a/', after: 'a/2', limit: 1 }), ['a/20']);
      assert.deepEqual(await idsOf(catalogue, { prefix: 'a/', after: 'a' }), IDS.slice(2, 8));
      assert.deepEqual(await idsOf(catalogue, { prefix: 'a/', after: 'b' }), []);
    },
  },
  {
    promise: 'order',
    name: 'pages through more documents than one scan gives',
    distributed: 'a find for each page',
    async run({ catalogue }) {
      const ids = Array.from({ length: 1_205 }, (_, i) => String(i).padStart(5, '0'));
      await fill(catalogue, ids);
      const first = await idsOf(catalogue);
      assert.deepEqual(first, ids.slice(0, 1_000));
      assert.deepEqual(await idsOf(catalogue, { after: first.at(-1) ?? '' }), ids.slice(1_000));
    },
  },
  {
    promise: 'names',
    name: 'takes any name of 1 to 1,000 bytes, and keeps long ones apart',
    distributed: 'the collection is a field of one MongoDB collection, so its rules for names do not matter',
    async run({ catalogue }) {
      const long = 'é'.repeat(499);
      const names = ['a', '/', '__proto__', '\n', '\u0001', '🪨', '$gt.x', `${long}ab`, `${long}ac`];
      const places = names.flatMap((collection) => names.map((id) => ({ collection, id })));
      await catalogue.write(places.map((place) => ({ ...place, value: place })));
      for (const { collection, id } of places) {
        assert.deepEqual((await catalogue.read(collection, id))?.value, { collection, id });
      }
      for (const collection of names) assert.equal((await catalogue.scan(collection)).length, names.length);
    },
  },
  {
    promise: 'names',
    name: 'refuses a name or a value that it could not give back, and applies nothing of the call',
    distributed: 'checked before the call is sent',
    async run({ catalogue }) {
      const good = { collection: 'things', id: 'good', value: 1 };
      for (const bad of ['', 'a\0b', 'x'.repeat(1_001), '\ud800']) {
        await assert.rejects(catalogue.write([good, { ...good, id: bad }]), CatalogueMisuseError);
        await assert.rejects(catalogue.write([good, { ...good, collection: bad }]), CatalogueMisuseError);
        await assert.rejects(catalogue.read(bad, 'a'), CatalogueMisuseError);
      }
      for (const value of [1n, () => 1]) {
        await assert.rejects(catalogue.write([good, { ...good, id: 'v', value }]), CatalogueMisuseError);
      }
      assert.deepEqual(await idsOf(catalogue), []);
    },
  },
];
