import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { upgradeQuarantines } from './quarantine/upgrade-quarantines.js';
import { openTier } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';
import { ClickHouseTier } from './clickhouse-tier.js';
import { tableNames } from './schema/names.js';

it('takes over tables of a version whose quarantine knew no parsers, with what is in them', async () => {
  const { engine, stream, tier, close } = await openTier();
  const scratchDirectory = await mkdtemp(join(tmpdir(), 'alluvium-upgrade-'));
  const run = (statement: string) => engine.run(statement, { lane: 'write' });
  try {
    const names = tableNames(stream.tenant, stream.name);
    await tier.insert(batchOf(stream, ['{"message":"old"}', 'refused']));
    // As that version made them.
    await run(`DROP VIEW ${names.parse} SYNC`);
    await run(`DROP VIEW ${names.toQuarantine} SYNC`);
    await run(`ALTER TABLE ${names.quarantine} DROP COLUMN parser`);
    await run(`ALTER TABLE ${names.parsed} DROP COLUMN refused_parser`);
    await upgradeQuarantines(engine);
    await upgradeQuarantines(engine);
    const query = { tenant: stream.tenant, limit: 10 };
    expect(await tier.quarantine(query)).toMatchObject({ total: 1, events: [{ raw: 'refused' }] });
    const context = { dataDirectory: '', memoryBytes: 1e9, concurrency: 4, reach: () => undefined };
    const upgraded = new ClickHouseTier(engine, { ...context, scratchDirectory });
    const batch = batchOf(stream, ['{"message":"new"}', '\u0001not_it\u0002some']);
    const raw = Buffer.from('new\nno\n');
    const blocks = batch.blocks.map((block) => ({ ...block, raw }));
    expect(await upgraded.insert({ ...batch, blocks })).toMatchObject({
      stored: 1,
      quarantined: [{ row: 1 }],
    });
    const { events } = await upgraded.quarantine(query);
    expect(events.map(({ raw: line, reason, parser }) => [line, reason, parser])).toEqual([
      ['no', 'not_it', 'some'],
      ['refused', 'not_json', undefined],
    ]);
    expect(await upgraded.count(stream)).toBe(2);
  } finally {
    await close();
    await rm(scratchDirectory, { recursive: true });
  }
});
