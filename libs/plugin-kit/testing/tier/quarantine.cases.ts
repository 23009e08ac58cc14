import assert from 'node:assert/strict';
import { formatEventId, parseEventId } from '#event-model';
import type { EventPosition, QuarantinePage, QuarantineQuery } from '#plugin-kit';
import type { TierCase } from './contract-case.js';
import { at, makeQuery, makeStream, MIXED_LINES, RECEIVED, rowsIn, storeLines } from './scene.js';

/** What was refused, and who may see what. */
export const quarantineCases: readonly TierCase[] = [
  {
    promise: 'quarantine',
    name: 'keeps the bytes of a refused line, in base64 where they are no UTF-8, with reason and origin',
    distributed: 'a String column, which is bytes; binary data in a document',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = await storeLines(tier, stream, [
        'a\t"b"\\ \u0000 🙂',
        Buffer.from([0xff, 0x00, 0xfe]),
        '{"status":1e9} ',
      ]);
      const { events, total } = await tier.quarantine({ tenant, limit: 10 });
      const common = { stream: 'orders', source: 'agent-1', received_at: RECEIVED };
      const place = (row: number) => ({ event_id: formatEventId(block.header.id, row), ...common });
      assert.equal(total, 3);
      assert.deepEqual(events, [
        { ...place(0), reason: 'not_json', raw: 'a\t"b"\\ \u0000 🙂' },
        { ...place(1), reason: 'not_json', raw_base64: '/wD+' },
        { ...place(2), reason: 'type:status', raw: '{"status":1e9} ' },
      ]);
    },
  },
  {
    promise: 'quarantine',
    name: 'is filtered by stream, source, reason and block, newest first, with the total beside the limit',
    distributed: 'the same conditions',
    async run({ tier, tenant }) {
      const [orders, logins] = [makeStream(tenant), makeStream(tenant, 'logins')];
      await Promise.all([tier.prepare(orders), tier.prepare(logins)]);
      const older = await storeLines(tier, orders, MIXED_LINES);
      await storeLines(tier, logins, ['x'], { source: 'b', receivedAt: at('2026-11-21T12:00:31Z') });
      const query = async (more: Partial<QuarantineQuery>): Promise<string> => {
        const page = await tier.quarantine({ tenant, limit: 10, ...more });
        return `${page.events.map(({ stream, event_id }) => `${stream[0]}${event_id.split('-')[1]}`).join(' ')} of ${page.total}`;
      };
      assert.equal(await query({}), 'l0 o1 o3 o5 of 4');
      assert.equal(await query({ limit: 2 }), 'l0 o1 of 4');
      assert.equal(await query({ stream: 'orders' }), 'o1 o3 o5 of 3');
      assert.equal(await query({ source: 'b' }), 'l0 of 1');
      assert.equal(await query({ reason: 'type:status' }), 'o3 of 1');
      assert.equal(await query({ block: older.header.id, reason: 'not_json' }), 'o1 o5 of 2');
      assert.equal(await query({ stream: "orders' OR 1 --" }), ' of 0');
    },
  },
  {
    promise: 'quarantine',
    name: 'is paged by position without repeating or leaving out a line, while others arrive',
    distributed: 'the same order; a documents tier sorts by the same three keys',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const lines = Array.from({ length: 12 }, (_, row) => `refused ${row}`);
      for (const second of [30, 30, 31])
        await storeLines(tier, stream, lines, { receivedAt: at(`2026-11-21T12:00:${second}Z`) });
      const ids = (page: QuarantinePage): string[] => page.events.map(({ event_id }) => event_id);
      const whole = ids(await tier.quarantine({ tenant, limit: 100 }));
      const paged: string[] = [];
      for (let after: EventPosition | undefined, more = true; more;) {
        const page = await tier.quarantine({ tenant, limit: 5, ...(after && { after }) });
        paged.push(...ids(page));
        ({ more } = page);
        const last = page.events.at(-1);
        const place = last && parseEventId(last.event_id);
        after = last && place && { ...place, timestamp: at(last.received_at) };
        await storeLines(tier, stream, ['later'], { receivedAt: at('2026-11-21T12:00:40Z') });
      }
      assert.deepEqual(paged, whole);
      assert.equal(whole.length, 36);
    },
  },
  {
    promise: 'tenants',
    name: 'with streams of one name see, count and refuse only their own',
    distributed: 'a database for each tenant, on every shard; a database for each tenant',
    async run({ tier, tenant }) {
      const [mine, theirs] = [makeStream(tenant), makeStream(`${tenant}b`)];
      await Promise.all([tier.prepare(mine), tier.prepare(theirs)]);
      const block = await storeLines(tier, mine, MIXED_LINES);
      const [place] = rowsIn(block, [0]);
      assert.equal((await tier.search(makeQuery([mine]))).total, 3);
      assert.deepEqual((await tier.search(makeQuery([theirs]))).events, []);
      assert.equal(place && (await tier.find(theirs.tenant, [theirs], place)), undefined);
      assert.deepEqual((await tier.present(theirs, [block.header.id]))[0]?.stored, []);
      assert.equal((await tier.quarantine({ tenant: theirs.tenant, limit: 10 })).total, 0);
      assert.deepEqual([await tier.count(theirs), await tier.countQuarantine(theirs.tenant)], [0, []]);
      assert.equal((await tier.quarantine({ tenant, limit: 10 })).total, 3);
    },
  },
  {
    promise: 'tenants',
    name: 'that nothing was ever prepared for have nothing to find',
    distributed: 'an unknown database or collection is empty, not an error',
    async run({ tier, tenant }) {
      const stream = makeStream(`${tenant}-nobody`);
      assert.deepEqual((await tier.search(makeQuery([stream]))).events, []);
      assert.equal((await tier.quarantine({ tenant: stream.tenant, limit: 10 })).total, 0);
    },
  },
];
