import { expect, it } from 'vitest';
import { tableNames } from './schema/names.js';
import { openTier } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

it('tells of TTLs that somebody gave a table or a column, and of none that are only names', async () => {
  const { engine, stream, tier, close } = await openTier();
  const run = (statement: string) => engine.run(statement, { lane: 'write' });
  const ttls = () => tier.tableTtls(stream.tenant);
  try {
    await tier.insert(batchOf(stream, ['{"message":"old"}']));
    const { stream: table } = tableNames(stream.tenant, stream.name);
    await run(`ALTER TABLE ${table} ADD COLUMN \`a TTL b\` String DEFAULT 'no TTL, here'`);
    expect(await ttls()).toEqual([]);

    await run(`ALTER TABLE ${table} MODIFY TTL toDateTime(timestamp) + toIntervalDay(30000)`);
    expect(await ttls()).toEqual([
      { stream: stream.name, ttl: 'TTL toDateTime(timestamp) + toIntervalDay(30000)' },
    ]);
    expect(await tier.tableTtls('another')).toEqual([]);
    await run(`ALTER TABLE ${table} REMOVE TTL`);
    expect(await ttls()).toEqual([]);

    await run(
      `ALTER TABLE ${table} MODIFY COLUMN \`a TTL b\` String TTL toDateTime(timestamp) + toIntervalDay(30000)`,
    );
    expect(await ttls()).toMatchObject([
      { stream: stream.name, ttl: expect.stringContaining('TTL toDateTime') },
    ]);
  } finally {
    await close();
  }
});
