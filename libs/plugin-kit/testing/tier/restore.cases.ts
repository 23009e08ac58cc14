import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchivedFiles } from '#plugin-kit';
import { makeEventType, makeField } from '../factories.js';
import type { TierCase } from './contract-case.js';
import { makeStream, MIXED_LINES, storeLines } from './scene.js';

/** Streams that are made of archives, and go again. */
export const restoreCases: readonly TierCase[] = [
  {
    promise: 'restore',
    name: 'a unit comes out of its files into another stream as it was, once however often, or not at all',
    distributed: 'the files are sent to the server; the unit is put in place by its partition',
    async run({ tier, tenant }) {
      const from = makeStream(tenant, 'from');
      const [to, merged] = [makeStream(tenant, 'to'), makeStream(tenant, 'merged')];
      await storeLines(tier, from, MIXED_LINES);
      const folder = await mkdtemp(join(tmpdir(), 'alluvium-restore-'));
      try {
        const units = await tier.storedUnits(from);
        assert.ok(units.length > 1);
        for (const unit of units) {
          const { day, generation } = unit;
          const part = { stream: from, day, generation };
          const through = (await tier.countUnit(part))?.through;
          assert.ok(through);
          const path = join(folder, `${day}.parquet`);
          const columns = await tier.exportUnit({ ...part, through }, path);
          const { size: bytes } = await stat(path);
          const archived: ArchivedFiles = { ...unit, columns, files: [{ path, bytes }] };
          const restored = { ...part, stream: to };
          const wrong = { ...archived, events: unit.events + 1 };
          await assert.rejects(tier.restoreUnit(restored, wrong), { failure: 'data' });
          await assert.rejects(tier.restoreUnit({ ...restored, day: day - 10_000 }, archived), {
            failure: 'data',
          });
          assert.equal(await tier.countUnit(restored), undefined);
          for (const _ of [1, 2]) await tier.restoreUnit(restored, archived);
          // Of a merged unit, whose generation is the highest of those that its events had.
          const united = { ...restored, stream: merged, generation: 9 };
          await tier.restoreUnit(united, archived);
          assert.equal((await tier.countUnit(united))?.events, unit.events);
          assert.deepEqual(
            await tier.fingerprintUnit({ ...restored, through }),
            await tier.fingerprintUnit({ ...part, through }),
          );
        }
        for (const day of await tier.checkRollUps(to)) await tier.rebuildRollUps(to, day);
        assert.deepEqual(await tier.checkRollUps(to), []);
        assert.equal(await tier.count(to), await tier.count(from));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  {
    promise: 'restore',
    name: 'a stream that was taken away has no event, its name is free for another type, and others stay',
    distributed: 'on every shard',
    async run({ tier, tenant }) {
      const [gone, stays] = [makeStream(tenant, 'gone'), makeStream(tenant, 'gone-not')];
      for (const stream of [gone, stays]) await storeLines(tier, stream, MIXED_LINES);
      const before = await tier.count(stays);
      assert.ok(before > 0);
      await tier.removeStream(gone);
      await tier.removeStream(gone);
      assert.equal(await tier.count(gone), 0);
      assert.equal(await tier.count(stays), before);
      await tier.removeStream(gone);
      const field = makeField({ name: 'region', type: 'float64' });
      const other = {
        ...gone,
        eventType: makeEventType({ name: 'other', fields: [field], sortBy: ['service'], rollUps: [] }),
      };
      await storeLines(tier, other, ['{"timestamp":"2026-11-20T08:00:00Z","region":1.5}']);
      assert.equal(await tier.count(other), 1);
      assert.deepEqual(await tier.checkRollUps(stays), []);
    },
  },
  {
    promise: 'restore',
    name: 'files of an archive whose columns are others than those of the type are refused by the column',
    distributed: 'as in the process',
    async run({ tier, tenant }) {
      const { eventType } = makeStream(tenant);
      const columns = [
        ...[
          { name: 'block', type: 'FixedString(16)' },
          { name: 'row', type: 'UInt32' },
        ],
        { name: 'timestamp', type: "DateTime64(9, 'UTC')" },
      ];
      const refused = (
        more: readonly { readonly name: string; readonly type: string }[],
        what: RegExp,
      ): void => {
        const message = (error: unknown) => error instanceof Error && what.test(error.message);
        assert.throws(() => tier.checkColumns(eventType, [...columns, ...more]), message);
      };
      refused([], /lacks the column/);
      refused([{ name: 'x', type: "String'); DROP" }], /no column x/);
    },
  },
];
