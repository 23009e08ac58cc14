import assert from 'node:assert/strict';
import type { QuarantinedEvent, QuarantineFilter } from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import { at, makeStream, makeStreamBlock, makeTierBatch, MIXED_LINES, rowsIn, storeLines } from './scene.js';

/** What is done with refused events. */
export const refusedCases: readonly TierCase[] = [
  {
    promise: 'refused',
    name: 'is counted by reason, source, stream and parser, of those that a filter selects',
    distributed: 'one grouped reading; an aggregation',
    async run({ tier, tenant }) {
      const [orders, logins] = [makeStream(tenant), makeStream(tenant, 'logins')];
      await storeLines(tier, orders, MIXED_LINES);
      await storeLines(tier, logins, ['x'], { source: 'b', receivedAt: at('2026-11-21T12:00:31Z') });
      assert.deepEqual(await tier.countRefused({ tenant }), {
        total: 4,
        reasons: [
          { value: 'not_json', events: 3 },
          { value: 'type:status', events: 1 },
        ],
        sources: [
          { value: 'agent-1', events: 3 },
          { value: 'b', events: 1 },
        ],
        streams: [
          { value: 'orders', events: 3 },
          { value: 'logins', events: 1 },
        ],
        parsers: [{ value: '', events: 4 }],
      });
      const totals = async (...filters: Omit<QuarantineFilter, 'tenant'>[]) =>
        Promise.all(filters.map(async (some) => (await tier.countRefused({ tenant, ...some })).total));
      const late = at('2026-11-21T12:00:31Z');
      assert.deepEqual(
        await totals({ from: late }, { to: late }, { parser: '' }, { parser: 'p' }),
        [1, 3, 4, 0],
      );
      assert.deepEqual(await totals({ stream: 'orders', reason: 'not_json' }, { source: "b' OR 1" }), [2, 0]);
      assert.equal((await tier.countRefused({ tenant: `${tenant}-nobody` })).total, 0);
    },
  },
  {
    promise: 'refused',
    name: 'is given back whole, event by event as a page shows it, by place and with its bytes',
    distributed: 'a stream of rows; a cursor',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      const block = await storeLines(tier, stream, MIXED_LINES);
      const { events } = await tier.quarantine({ tenant, limit: 10 });
      assert.deepEqual(await scanned(tier, { tenant }), events);
      assert.deepEqual(
        await scanned(tier, { tenant, reason: 'type:status' }),
        events.filter(({ reason }) => reason === 'type:status'),
      );
      const places = await tier.refusedPlaces({ tenant }, { limit: 2 });
      assert.deepEqual(
        places.map(({ row, stream: name, bytes }) => [row, name, bytes]),
        [
          [1, 'orders', 7],
          [3, 'orders', 17],
        ],
      );
      const rest = await tier.refusedPlaces({ tenant }, { limit: 2, after: rowsIn(block, [3])[0] as never });
      assert.deepEqual(
        rest.map(({ row }) => row),
        [5],
      );
      const lines = await tier.refusedLines(stream, rowsIn(block, [1, 2, 5]));
      assert.deepEqual(
        lines.map(({ row, raw, source, receivedAt, reason }) => [row, [...raw], source, receivedAt, reason]),
        [1, 5].map((row) => {
          const { source, receivedAt } = block.header;
          return [row, [...Buffer.from(MIXED_LINES[row] ?? '')], source, receivedAt, 'not_json'];
        }),
      );
      assert.deepEqual(await tier.refusedLines(makeStream(tenant, 'other'), rowsIn(block, [1])), []);
    },
  },
  {
    promise: 'refused',
    name: 'judges rows as an insert would, and stores rows of a block under the numbers that they have',
    distributed: 'the views of the same table; the same mapper',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      const block = await storeLines(tier, stream, MIXED_LINES);
      const mended = makeStreamBlock(stream, ['{"n":1}', 'still none', '{"n":5}'], { id: block.header.id });
      const batch = makeTierBatch(stream, [{ ...mended, rows: [1, 3, 5] }]);
      const judged = await tier.judge(batch);
      assert.deepEqual(
        judged,
        rowsIn(block, [3]).map((place) => ({ ...place, reason: 'not_json' })),
      );
      await tier.insert({ ...batch, skip: judged });
      const [present] = await tier.present(stream, [block.header.id]);
      assert.deepEqual(present?.stored, [0, 1, 2, 4, 5]);
    },
  },
  {
    promise: 'refused',
    name: 'lets go of rows, and takes new reasons, once and again',
    distributed: 'awaited mutations of all replicas; deletes and updates by id',
    async run({ tier, tenant, reopen }) {
      const [stream, other] = [makeStream(tenant), makeStream(tenant, 'other')];
      const block = await storeLines(tier, stream, MIXED_LINES);
      await storeLines(tier, other, ['x']);
      const renamed = rowsIn(block, [3]).map((place) => ({ ...place, reason: "it's new", parser: 'p' }));
      for (let time = 0; time < 2; time += 1) {
        await tier.removeRefused(stream, rowsIn(block, [1, 2]));
        await tier.renameRefused(stream, renamed);
      }
      await tier.removeRefused(other, rowsIn(block, [5]));
      const left = async (from: ContractTier): Promise<string[]> => {
        const { events } = await from.quarantine({ tenant, stream: 'orders', limit: 10 });
        return events.map(({ event_id: id, reason, parser }) => `${id.slice(33)} ${reason} ${parser}`);
      };
      const expected = ["3 it's new p", '5 not_json undefined'];
      assert.deepEqual(await left(tier), expected);
      assert.deepEqual(await left(await reopen()), expected);
    },
  },
];

async function scanned(tier: ContractTier, filter: QuarantineFilter): Promise<QuarantinedEvent[]> {
  const events: QuarantinedEvent[] = [];
  for await (const { lines, count } of tier.scanRefused(filter)) {
    const texts = Buffer.from(lines).toString().trimEnd().split('\n');
    assert.equal(texts.length, count);
    events.push(...texts.map((text) => JSON.parse(text) as QuarantinedEvent));
  }
  return events;
}
