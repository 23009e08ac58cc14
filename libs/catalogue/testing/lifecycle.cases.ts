import assert from 'node:assert/strict';
import { CatalogueDamageError, CatalogueError } from '../catalogue.errors.js';
import type { CatalogueCase } from './contract-case.js';

/** Over time: crashes, watching, the end. */
export const lifecycleCases: readonly CatalogueCase[] = [
  {
    promise: 'durable',
    name: 'has every answered write, with its version, after a crash',
    distributed: 'write concern {w: "majority", j: true}',
    async run({ catalogue, crash }) {
      const change = (i: number) => ({ collection: 'things', id: `n${i}`, value: { i } });
      await Promise.all(Array.from({ length: 40 }, (_, i) => catalogue.write([change(i), change(i)])));
      await catalogue.write([{ ...change(7), value: undefined }]);
      const after = await crash();
      for (let i = 0; i < 40; i += 1) {
        const expected = i === 7 ? undefined : { id: `n${i}`, version: 2, value: { i } };
        assert.deepEqual(await after.read('things', `n${i}`), expected);
      }
    },
  },
  {
    promise: 'durable',
    name: 'goes on after a crash where it was',
    distributed: 'versions are in the documents',
    async run({ catalogue, crash }) {
      await catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
      const after = await crash();
      const again = { collection: 'things', id: 'a', value: 2 };
      assert.deepEqual(await after.write([{ ...again, ifVersion: 0 }]), [{ kind: 'conflict', version: 1 }]);
      assert.deepEqual(await after.write([{ ...again, ifVersion: 1 }]), [{ kind: 'written', version: 2 }]);
    },
  },
  {
    promise: 'damage',
    name: 'says of a document whose bytes are no JSON any more that it is damaged; others can be read',
    distributed: 'the engine has checksums of its own; what it can not read is an error that names the _id',
    async run({ catalogue, damage }) {
      const change = (id: string) => ({ collection: 'things', id, value: { of: id } });
      await catalogue.write([change('a'), change('b'), change('c')]);
      const after = await damage('things', 'b', '{"of":\\b"}');
      await assert.rejects(after.read('things', 'b'), CatalogueDamageError);
      await assert.rejects(after.scan('things'), CatalogueDamageError);
      assert.deepEqual((await after.read('things', 'a'))?.value, { of: 'a' });
      assert.deepEqual(
        (await after.scan('things', { after: 'b' })).map(({ id }) => id),
        ['c'],
      );
    },
  },
  {
    promise: 'watch',
    name: 'calls back in this process when the change can be read, before the write is answered',
    distributed:
      'at once after the own write; others by a change stream, or by polling a counter every second',
    async run({ catalogue }) {
      const seen: string[][] = [];
      const reads: Promise<unknown>[] = [];
      catalogue.watch('things', (ids) => {
        seen.push([...ids].toSorted());
        // Only the first one is looked at; the end may come before another.
        reads.push(catalogue.read('things', ids[0] ?? '').catch(() => undefined));
      });
      const place = (id: string) => ({ collection: 'things', id });
      await catalogue.write([{ ...place('a'), value: 1 }]);
      assert.deepEqual(seen, [['a']]);
      assert.deepEqual(await Promise.all(reads), [{ id: 'a', version: 1, value: 1 }]);
      await catalogue.write([
        { ...place('a'), value: undefined },
        { ...place('b'), value: 1 },
        { collection: 'other', id: 'c', value: 1 },
      ]);
      assert.deepEqual(seen, [['a'], ['a', 'b']]);
    },
  },
  {
    promise: 'watch',
    name: 'says nothing of conflicts, of other collections, or when it was ended',
    distributed: 'a conflict is no change in the change stream',
    async run({ catalogue }) {
      const seen: (readonly string[])[] = [];
      const end = catalogue.watch('things', (ids) => seen.push(ids));
      await catalogue.write([{ collection: 'thing', id: 'a', value: 1 }]);
      await catalogue.write([{ collection: 'things', id: 'a', value: 1, ifVersion: 3 }]);
      assert.deepEqual(seen, []);
      end();
      end();
      await catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
      assert.deepEqual(seen, []);
    },
  },
  {
    promise: 'stop',
    name: 'keeps writes that were under way, then refuses; stopping twice is fine',
    distributed: 'the client closes after its operations',
    async run({ catalogue, crash }) {
      const write = catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
      await Promise.all([catalogue.stop(), catalogue.stop()]);
      assert.deepEqual(await write, [{ kind: 'written', version: 1 }]);
      await catalogue.stop();
      await assert.rejects(catalogue.read('things', 'a'), CatalogueError);
      await assert.rejects(catalogue.scan('things'), CatalogueError);
      await assert.rejects(catalogue.write([]), CatalogueError);
      assert.equal((await (await crash()).read('things', 'a'))?.value, 1);
    },
  },
];
