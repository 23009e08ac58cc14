import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime, type BlockId } from '#event-model';
import type { StreamSpec, TierBatch } from '#plugin-kit';
import { tableNames } from './schema/names.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf, blockOf } from './testing/sample-events.js';

let open: TierUnderTest;
let streams = 0;
beforeAll(async () => {
  open = await openTier();
});
afterAll(() => open.close());

/** A stream of its own for each test. */
async function freshStream(): Promise<StreamSpec> {
  const stream = { ...open.stream, name: `s${(streams += 1)}` };
  await open.tier.prepare(stream);
  return stream;
}

async function value(statement: string): Promise<number> {
  const [row] = (await open.engine.run(statement, { lane: 'read' })).rows<{ n: string }>();
  return Number(row?.n);
}

async function counts(stream: StreamSpec): Promise<Record<string, number>> {
  const names = tableNames(stream.tenant, stream.name);
  return {
    stored: await value(`SELECT count() AS n FROM ${names.stream}`),
    quarantined: await value(`SELECT count() AS n FROM ${names.quarantine} WHERE stream = '${stream.name}'`),
    rolledUp: await value(`SELECT sum(events) AS n FROM ${names.rollUp('events_per_minute')}`),
  };
}

const lines = [
  '{"message":"a"}',
  'not json',
  '{"message":"b","timestamp":"2026-01-02T00:00:00Z"}',
  '{"status":"x"}',
];

describe('an insert', () => {
  it('sent twice with its token leaves table, quarantine and roll-ups unchanged', async () => {
    const stream = await freshStream();
    const batch = batchOf(stream, lines);
    const first = await open.tier.insert(batch);
    const once = await counts(stream);
    await open.tier.insert(batch).catch(() => undefined);
    expect(once).toEqual({ stored: 2, quarantined: 2, rolledUp: 2 });
    expect(await counts(stream)).toEqual(once);
    expect(first).toMatchObject({
      stored: 2,
      quarantined: [
        { row: 1, reason: 'not_json' },
        { row: 3, reason: 'type:status' },
      ],
    });
  });

  it('of the same lines in another block is another insert', async () => {
    const stream = await freshStream();
    await open.tier.insert(batchOf(stream, lines));
    await open.tier.insert(batchOf(stream, lines));
    expect(await counts(stream)).toEqual({ stored: 4, quarantined: 4, rolledUp: 4 });
  });

  it('leaves out the rows it is told to, and whole blocks of such', async () => {
    const stream = await freshStream();
    const [a, b] = [blockOf(stream, lines), blockOf(stream, lines)];
    const skip = [...lines.map((_, row) => ({ block: a.header.id, row })), { block: b.header.id, row: 0 }];
    const report = await open.tier.insert({ stream, token: randomUUID(), blocks: [a, b], skip });
    expect(report).toMatchObject({ stored: 1, quarantined: [{ row: 1 }, { row: 3 }] });
  });

  it('keeps source and time of acceptance of each block', async () => {
    const stream = await freshStream();
    const block = blockOf(stream, ['{"message":"m"}'], parseTime('2026-11-20T10:20:30.123456789Z'));
    const named = { ...block, header: { ...block.header, source: 'a.b_c-9' } };
    await open.tier.insert({ stream, token: randomUUID(), blocks: [named], skip: [] });
    const minute = Date.parse('2026-11-20T10:20:00Z');
    expect(await open.tier.countByMinute(stream)).toEqual([{ source: 'a.b_c-9', minute, events: 1 }]);
  });

  it('of more days than one insert may touch is stored whole, once', async () => {
    const stream = await freshStream();
    const days = Array.from({ length: 120 }, (_, n) =>
      new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString(),
    );
    const batch = batchOf(stream, [
      'nonsense',
      ...days.map((timestamp) => JSON.stringify({ timestamp, message: 'm' })),
    ]);
    expect(await open.tier.insert(batch)).toMatchObject({ stored: 120, quarantined: [{ row: 0 }] });
    await open.tier.insert(batch).catch(() => undefined);
    expect(await counts(stream)).toEqual({ stored: 120, quarantined: 1, rolledUp: 120 });
  });

  it('of many blocks gives each row its own place', async () => {
    const stream = await freshStream();
    const blocks = Array.from({ length: 40 }, () => blockOf(stream, lines));
    await open.tier.insert({ stream, token: randomUUID(), blocks, skip: [] });
    const present = await open.tier.present(
      stream,
      blocks.map(({ header }) => header.id),
    );
    for (const { stored, quarantined } of present) {
      expect(stored).toEqual([0, 2]);
      expect(quarantined.map(({ row, reason }) => [row, reason])).toEqual([
        [1, 'not_json'],
        [3, 'type:status'],
      ]);
    }
  });
});

describe('read-back', () => {
  it('says which rows are there, and nothing for a block that never came', async () => {
    const stream = await freshStream();
    const batch: TierBatch = batchOf(stream, lines);
    await open.tier.insert(batch);
    const id = batch.blocks[0]?.header.id as BlockId;
    const stranger = '0'.repeat(32) as BlockId;
    expect(await open.tier.present(stream, [id, stranger])).toMatchObject([
      { block: id, stored: [0, 2], quarantined: [{ row: 1 }, { row: 3 }] },
      { block: stranger, stored: [], quarantined: [] },
    ]);
    expect(await open.tier.daysOf(stream, [id])).toContain(20260102);
  });
});

describe('client ids', () => {
  it('are read however the key is spelled; nested ones and absent ones are not', async () => {
    const stream = await freshStream();
    const batch = batchOf(stream, [
      '{"id":"a"}',
      '{"\\u0069d":"b"}',
      '{"i\\u0064":5}',
      '{"x":{"id":"no"}}',
      '{"id":null}',
      '["id"]',
      'junk "id"',
    ]);
    const ids = await open.tier.clientIds(batch);
    expect(ids.map(({ row, id }) => [row, id])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, '5'],
    ]);
  });
});

describe('roll-ups', () => {
  it('are found wrong and made right again', async () => {
    const stream = await freshStream();
    await open.tier.insert(batchOf(stream, lines));
    expect(await open.tier.checkRollUps(stream)).toEqual([]);
    const names = tableNames(stream.tenant, stream.name);
    await open.engine.run(
      `INSERT INTO ${names.rollUp('events_per_minute')} SELECT * FROM ${names.rollUp('events_per_minute')} WHERE toYYYYMMDD(minute) = 20260102`,
      { lane: 'write' },
    );
    expect(await open.tier.checkRollUps(stream)).toEqual([20260102]);
    await open.tier.rebuildRollUps(stream, 20260102);
    expect(await open.tier.checkRollUps(stream)).toEqual([]);
    expect((await counts(stream))['rolledUp']).toBe(2);
  });
});

describe('many streams', () => {
  it('are tables of their own, and one view over the tenant has them all', async () => {
    const [a, b] = [await freshStream(), await freshStream()];
    await open.tier.insert(batchOf(a, ['{"message":"in a","source":"x"}']));
    await open.tier.insert(batchOf(b, ['{"message":"in b"}']));
    const seen = await value(
      `SELECT count() AS n FROM ${tableNames('default', '').events} WHERE message IN ('in a', 'in b')`,
    );
    expect(seen).toBe(2);
    await expect(
      open.engine.run(`INSERT INTO ${tableNames('default', '').events} (message) VALUES ('x')`, {
        lane: 'write',
      }),
    ).rejects.toThrow();
  });
});
