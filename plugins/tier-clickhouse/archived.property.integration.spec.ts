import { copyFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlockId } from '#event-model';
import type { AskedStream } from '#plugin-kit';
import { randomCases } from '../../test/support/random-cases.js';
import { DAY_NS, DAYS, makeTwins, START, type Twins } from './testing/archived-twin.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { asKept, expectSameAnswers, questionArbitrary, textOf } from './testing/same-as-twin.js';

/** Of both streams. */
const EVENTS = 2 * 40 * (6 + 4 + 6);
let open: TierUnderTest;
let twins: Twins;
beforeAll(async () => {
  open = await openTier();
  twins = await makeTwins(open.tier, open.engine);
}, 60_000);
afterAll(async () => {
  await open.close();
  await twins.close();
});

it(
  'answers random questions over archived days as a tenant that has everything',
  { timeout: 180_000 },
  async () => {
    const property = fc.asyncProperty(questionArbitrary, (question) =>
      expectSameAnswers(open.tier, twins, question),
    );
    await fc.assert(property, { numRuns: randomCases({ few: 4, all: 12 }), seed: 12, endOnFailure: true });
  },
);

const selection = (streams: readonly AskedStream[]) => ({
  ...{ tenant: streams[0]?.tenant ?? '', streams, from: START, to: START + BigInt(DAYS) * DAY_NS },
  ...{ filter: { kind: 'all', of: [] } as const, timeoutMs: 60_000 },
});

it('says the same of fields, blocks and single events', async () => {
  const { tier } = open;
  const ask = async (streams: readonly AskedStream[]) => {
    const asked = { ...selection(streams), topValues: 3, sampleEvents: 100_000 };
    // Which of equally frequent values are named is open.
    const { events, fields } = await tier.fields(asked);
    const counts = fields.map((field) => ({ ...field, topValues: [] }));
    const one = { ...(await tier.fields({ ...asked, field: 'free' })), stats: undefined };
    const [stream] = streams;
    if (!stream) throw new Error('There are no streams.');
    const query = { stream, blocks: twins.blocks, filter: asked.filter, timeoutMs: 60_000 };
    const block = twins.blocks[0] ?? ('' as BlockId);
    const rows = [0, 40, 80, 239, 240];
    return {
      ...{
        events,
        counts,
        one,
        count: await tier.countBlocks(query),
        lines: await textOf(tier.readBlocks(query)),
      },
      found: await Promise.all(rows.map((row) => tier.find(stream.tenant, streams, { block, row }))),
    };
  };
  expect(asKept(await ask(twins.archived))).toEqual(asKept(await ask(twins.whole)));
  const sampled = await tier.fields({ ...selection(twins.archived), topValues: 3, sampleEvents: 100 });
  expect(sampled.events).toBe(EVENTS);
  expect(sampled.sampled).toBeLessThan(EVENTS);
});

it('exports the same Parquet rows', async () => {
  const ask = async (streams: readonly AskedStream[]) => {
    const query = { ...selection(streams), compression: 'zstd' as const, spaceBytes: 1e9 };
    const file = await open.tier.exportParquet(query);
    const path = join(twins.folder, `export-${query.tenant}.parquet`);
    await writeFile(path, file.read());
    const hash = "sum(cityHash64(formatRow('RowBinary', * EXCEPT tenant)))";
    const select = `SELECT count() AS n, ${hash} AS hash FROM file('${path}', 'Parquet')`;
    return (await open.engine.run(select, { lane: 'read' })).rows();
  };
  const kept = await ask(twins.whole);
  expect(kept).toMatchObject([{ n: String(EVENTS) }]);
  expect(await ask(twins.archived)).toEqual(kept);
});

it('reads files only where they have events of the range, and roll-ups only where no day is archived', async () => {
  const metrics = [{ name: 'n', function: 'count' as const }];
  const shape = { metrics, groupBy: [], fill: false, limit: 1, orderBy: 'n', order: 'desc' as const };
  const ask = async (day: bigint) => {
    const range = { from: START + day * DAY_NS, to: START + (day + 1n) * DAY_NS };
    return (await open.tier.aggregate({ ...selection(twins.archived), ...range, ...shape })).source;
  };
  expect([await ask(5n), await ask(2n), await ask(4n)]).toEqual(['roll_up', 'events', 'events']);
});

it('fails where a file is missing or damaged, for each kind of question', async () => {
  const [stream] = twins.archived;
  const unit = stream?.archived?.[0];
  if (!unit) throw new Error('Nothing is archived.');
  const asked = async (path: string) => {
    const files = [{ path, bytes: 9 }];
    const query = selection([{ ...stream, archived: [{ ...unit, files }] }]);
    return Promise.allSettled([
      open.tier.search({ ...query, order: 'asc', limit: 10 }),
      open.tier.fields({ ...query, topValues: 1, sampleEvents: 10 }),
      textOf(open.tier.scan({ ...query, order: 'asc' })),
      open.tier.find('moved', query.streams, { block: 'f'.repeat(32) as BlockId, row: 0 }),
      open.tier.exportParquet({ ...query, compression: 'none', spaceBytes: 1e9 }),
    ]);
  };
  const damaged = join(twins.folder, 'damaged.parquet');
  await copyFile(unit.files[0]?.path ?? '', damaged);
  await truncate(damaged, 100);
  for (const path of [join(twins.folder, 'missing.parquet'), damaged])
    for (const outcome of await asked(path))
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'TierError', message: expect.stringContaining(path) },
      });
});
