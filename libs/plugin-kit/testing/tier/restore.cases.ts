import assert from 'node:assert/strict';
import { makeEventType, makeField } from '../factories.js';
import type { TierCase } from './contract-case.js';
import { makeStream, MIXED_LINES, storeLines } from './scene.js';

/** Streams that are made of archives, and go again. */
export const restoreCases: readonly TierCase[] = [
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
