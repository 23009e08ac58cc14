import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClickHouseTier } from './clickhouse-tier.js';
import { finishSwaps } from './rewrite/swap.js';
import { tableNames } from './schema/names.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

const TIME = '2026-11-20T08:00:00Z';
let opened: TierUnderTest;
beforeEach(async () => (opened = await openTier()));
afterEach(() => opened.close());

const line = (more: object): string => JSON.stringify({ timestamp: TIME, service: 'shop', ...more });
const run = (statement: string) => opened.engine.run(statement, { lane: 'write' });

async function found(): Promise<string[]> {
  const { stream } = tableNames('default', 'default');
  const rows = (await run(`SELECT message FROM ${stream} ORDER BY message`)).rows<{ message: string }>();
  return rows.map(({ message }) => message);
}

/** A copy that counts, as a process leaves it that ended behind the renaming; `doubled`: in the middle of the replacement. */
async function leaveSwap(doubled: boolean): Promise<void> {
  const { tier, stream } = opened;
  const batch = batchOf(stream, [line({ level: 'INFO', message: 'old' })]);
  const [block] = batch.blocks;
  await tier.insert(batch);
  const part = { stream, day: 20261120, generation: 0 };
  await tier.beginRewrite(part);
  const again = batchOf(stream, [line({ level: 'ERROR', message: 'new' })]).blocks[0];
  if (!block || !again) throw new Error('no block');
  const blocks = [{ ...again, header: block.header, rows: [0] }];
  await tier.rewrite(part, [block.header.id], { ...batch, token: 'again', blocks });
  const names = tableNames(stream.tenant, stream.name);
  await run(`RENAME TABLE ${names.rewrite} TO ${names.swap}`);
  if (doubled) await run(`ALTER TABLE ${names.stream} ATTACH PARTITION ID '20261120-0' FROM ${names.swap}`);
}

it.each([
  ['before the copy was in its place', false, ['old']],
  ['with both in place', true, ['new', 'old']],
])('finishes a swap that was broken off %s before anybody reads', async (_when, doubled, left) => {
  await leaveSwap(doubled);
  expect(await found()).toEqual(left);
  await finishSwaps(opened.engine);
  expect(await found()).toEqual(['new']);
});

it('starts, and drops the copy, where the stream got columns since it was put in place', async () => {
  await leaveSwap(false);
  await finishSwaps(opened.engine);
  const { stream } = opened;
  const { stream: table, database } = tableNames('default', 'default');
  await run(`ALTER TABLE ${table} ADD COLUMN since UInt8`);
  await finishSwaps(opened.engine);
  const context = { dataDirectory: '', scratchDirectory: '', memoryBytes: 1e9, concurrency: 4 };
  const tier = new ClickHouseTier(opened.engine, { ...context, reach: () => undefined });
  await tier.prepare(stream);
  expect(await found()).toEqual(['new']);
  expect((await run(`SHOW TABLES FROM ${database} LIKE 'swap.%'`)).rows()).toEqual([]);
  expect(await tier.checkRollUps(stream)).toEqual([]);
});

it('keeps what came after a swap that failed, makes its roll-ups and drops the copy before the next insert', async () => {
  await leaveSwap(false);
  const { tier, stream } = opened;
  await run(
    `INSERT INTO ${tableNames('default', 'default').stream} (block, timestamp, message, service) VALUES (unhex('${'ab'.repeat(16)}'), '2026-11-20 09:00:00', 'more', 'shop')`,
  );
  await expect(tier.finishRewrite({ stream, day: 20261120, generation: 0 })).rejects.toThrow();
  await tier.insert(batchOf(stream, [line({ message: 'next' })]));
  expect(await found()).toEqual(['more', 'new', 'next']);
  const { rollUp, database } = tableNames('default', 'default');
  const levels = await run(
    `SELECT level, sum(events) AS n FROM ${rollUp('events_per_minute')} GROUP BY level ORDER BY level`,
  );
  expect(levels.rows()).toEqual([
    { level: '', n: '2' },
    { level: 'ERROR', n: '1' },
  ]);
  const tables = await run(`SHOW TABLES FROM ${database} LIKE 'swap.%'`);
  expect(tables.rows()).toEqual([]);
});

it('refuses to put a copy in place that has not every event', async () => {
  const { tier, stream } = opened;
  await tier.insert(batchOf(stream, [line({ message: 'one' })]));
  const part = { stream, day: 20261120, generation: 0 };
  await tier.beginRewrite(part);
  await run(
    `INSERT INTO ${tableNames('default', 'default').rewrite} (block, timestamp) VALUES (unhex('${'ab'.repeat(16)}'), '2026-11-20 09:00:00')`,
  );
  await expect(tier.finishRewrite(part)).rejects.toThrow('has 2 rows and the part 1');
  expect(await found()).toEqual(['one']);
});
