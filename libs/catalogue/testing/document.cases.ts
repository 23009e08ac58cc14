import assert from 'node:assert/strict';
import type { CatalogueCase } from './contract-case.js';

const VALUE = { text: 'Grüße, 世界 🪨\n', none: null, list: [1, -0.5, true], deep: { a: { b: [] } } };

/** One document: reading, versions, conditions. */
export const documentCases: readonly CatalogueCase[] = [
  {
    promise: 'read',
    name: 'reads back what was written, and nothing where nothing was',
    distributed: 'read and write concern "majority", the writes on the primary; values as JSON text',
    async run({ catalogue }) {
      assert.equal(await catalogue.read('things', 'a'), undefined);
      await catalogue.write([{ collection: 'things', id: 'a', value: VALUE }]);
      assert.deepEqual(await catalogue.read('things', 'a'), { id: 'a', version: 1, value: VALUE });
      assert.equal(await catalogue.read('thing', 'sa'), undefined);
      assert.equal(await catalogue.read('other', 'a'), undefined);
    },
  },
  {
    promise: 'read',
    name: 'hands out copies: a change to what was read or written changes nothing',
    distributed: 'every read is parsed from its own answer',
    async run({ catalogue }) {
      const value = { n: 1 };
      await catalogue.write([{ collection: 'things', id: 'a', value }]);
      value.n = 2;
      const read = await catalogue.read<{ n: number }>('things', 'a');
      assert.equal(read?.value.n, 1);
      read.value.n = 3;
      assert.equal((await catalogue.read<{ n: number }>('things', 'a'))?.value.n, 1);
    },
  },
  {
    promise: 'version',
    name: 'raises the version with every write, in the order of the call',
    distributed: 'ordered bulkWrite of updates with {$inc: {version: 1}}',
    async run({ catalogue }) {
      const write = (value: unknown) => ({ collection: 'things', id: 'a', value });
      const outcomes = await catalogue.write([write(1), write(2), write(undefined), write(4)]);
      assert.deepEqual(
        outcomes.map(({ kind, version }) => [kind, version]),
        [
          ['written', 1],
          ['written', 2],
          ['written', 0],
          ['written', 1],
        ],
      );
      assert.deepEqual(await catalogue.read('things', 'a'), { id: 'a', version: 1, value: 4 });
    },
  },
  {
    promise: 'version',
    name: 'deletes, also what is not there',
    distributed: 'deleteOne',
    async run({ catalogue }) {
      const gone = { collection: 'things', id: 'a', value: undefined };
      assert.deepEqual(await catalogue.write([gone]), [{ kind: 'written', version: 0 }]);
      await catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
      assert.deepEqual(await catalogue.write([gone]), [{ kind: 'written', version: 0 }]);
      assert.equal(await catalogue.read('things', 'a'), undefined);
      assert.deepEqual(await catalogue.scan('things'), []);
    },
  },
  {
    promise: 'conditional',
    name: 'applies a change only to the version it names; the others of the call go on',
    distributed: 'filter {_id, version}; ifVersion 0 is an insert whose duplicate-key error is the conflict',
    async run({ catalogue }) {
      const create = { collection: 'things', id: 'a', value: 'first', ifVersion: 0 };
      assert.deepEqual(await catalogue.write([create]), [{ kind: 'written', version: 1 }]);
      const outcomes = await catalogue.write([
        { ...create, value: 'second' },
        { collection: 'things', id: 'a', value: 'third', ifVersion: 7 },
        { collection: 'things', id: 'b', value: 'beside' },
        { collection: 'things', id: 'a', value: undefined, ifVersion: 2 },
      ]);
      assert.deepEqual(outcomes, [
        { kind: 'conflict', version: 1 },
        { kind: 'conflict', version: 1 },
        { kind: 'written', version: 1 },
        { kind: 'conflict', version: 1 },
      ]);
      assert.equal((await catalogue.read('things', 'a'))?.value, 'first');
      assert.equal((await catalogue.read('things', 'b'))?.value, 'beside');
    },
  },
  {
    promise: 'conditional',
    name: 'gives each id of a row to one of many that append to it, so that none is missing and none is written over',
    distributed: 'ifVersion 0 is an insert; its duplicate-key error is the conflict',
    async run({ catalogue }) {
      const append = async (value: string): Promise<void> => {
        for (let at = 1; ; at += 1) {
          const change = { collection: 'row', id: String(at).padStart(3, '0'), value, ifVersion: 0 };
          const [outcome] = await catalogue.write([change, { collection: 'row-end', id: 'end', value: at }]);
          if (outcome?.kind === 'written') return;
        }
      };
      const values = Array.from({ length: 12 }, (_, i) => `v${i}`);
      await Promise.all(values.map(append));
      const row = await catalogue.scan<string>('row');
      assert.deepEqual(
        row.map(({ id, version }) => [Number(id), version]),
        values.map((_, i) => [i + 1, 1]),
      );
      assert.deepEqual(row.map(({ value }) => value).toSorted(), values.toSorted());
    },
  },
  {
    promise: 'conditional',
    name: 'lets one of many that race for a version win',
    distributed: 'the filter and the update are one atomic operation on the document',
    async run({ catalogue }) {
      const increment = async () => {
        for (;;) {
          const read = await catalogue.read<number>('counters', 'n');
          const change = { collection: 'counters', id: 'n', ifVersion: read?.version ?? 0 };
          const [outcome] = await catalogue.write([{ ...change, value: (read?.value ?? 0) + 1 }]);
          if (outcome?.kind === 'written') return;
        }
      };
      await Promise.all(Array.from({ length: 12 }, increment));
      assert.deepEqual(await catalogue.read('counters', 'n'), { id: 'n', version: 12, value: 12 });
    },
  },
];
