import assert from 'node:assert/strict';
import type { EventPosition, EventQuery, ScanQuery, StoredEvent, StreamSpec } from '#plugin-kit';
import { parseEventId } from '#event-model';
import type { ContractTier, TierCase } from './contract-case.js';
import { at, makeQuery, makeStream, storeLines } from './scene.js';

/** Events of one moment in several blocks, of several days, and with what JSON texts may hold. */
const LINES: readonly string[] = [
  '{"timestamp":"2026-11-20T08:00:00Z","level":"INFO","message":"a\\r\\n\\"b\\" \\u0000 ü"}',
  '{"timestamp":"2026-11-20T08:00:00Z","level":"ERROR","service":"shop","status":500}',
  '{"timestamp":"2026-11-19T23:59:59.999999999Z","bytes":18446744073709551615,"o":{"k":1,"k":2,"n":12345678901234567890}}',
  '{"timestamp":"2026-11-20T08:00:00.000000001Z","latency_ms":1.5,"ok":false,"__proto__":{"x":1}}',
];

/** Everything that is selected, and files of it. */
export const scanCases: readonly TierCase[] = [
  {
    promise: 'scan',
    name: 'gives each selected event once, as a search shows it, in the order of time over all streams',
    distributed: 'the same statements, with a merge over the shards; a cursor sorted by time and _id',
    async run({ tier, tenant }) {
      const streams = await storedStreams(tier, tenant);
      for (const order of ['asc', 'desc'] as const) {
        const query = { ...makeQuery(streams), order };
        assert.deepEqual(await scanned(tier, query), await searched(tier, query));
      }
      const range = { from: at('2026-11-20T00:00:00Z'), to: at('2026-11-20T08:00:00.000000001Z') };
      const part = await scanned(tier, makeQuery(streams, range));
      assert.equal(part.length, 12);
    },
  },
  {
    promise: 'scan',
    name: 'goes on behind any event with exactly the rest, whichever moment others share with it',
    distributed: 'a condition on the sorting key; on time and _id',
    async run({ tier, tenant }) {
      const streams = await storedStreams(tier, tenant);
      for (const order of ['asc', 'desc'] as const) {
        const query = { ...makeQuery(streams), order };
        const all = await scanned(tier, query);
        for (const [n, event] of all.entries()) {
          const rest = await scanned(tier, { ...query, after: positionOf(event) });
          assert.deepEqual(
            rest.map(({ event_id }) => event_id),
            all.slice(n + 1).map(({ event_id }) => event_id),
          );
        }
      }
    },
  },
  {
    promise: 'scan',
    name: 'ends when its caller leaves, and that is no end of the events',
    distributed: 'the query is killed by its id; the cursor is closed',
    async run({ tier, tenant }) {
      const streams = await storedStreams(tier, tenant);
      const leaving = new AbortController();
      const pieces = tier.scan(makeQuery(streams), leaving.signal)[Symbol.asyncIterator]();
      await pieces.next();
      leaving.abort(new Error('the caller left'));
      await assert.rejects(async () => {
        while (!(await pieces.next()).done);
      });
    },
  },
  {
    promise: 'parquet',
    name: 'is a file of the format, whole and of the size it says, and none where there is no room',
    distributed: 'FORMAT Parquet streamed by the server; made by the process from a scan',
    async run({ tier, tenant }) {
      const streams = await storedStreams(tier, tenant);
      const query = { ...makeQuery(streams), compression: 'zstd', spaceBytes: 1e8 } as const;
      const file = await tier.exportParquet(query);
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.read()) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      assert.equal(bytes.length, file.bytes);
      assert.equal(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', bytes.length - 4), 'PAR1PAR1');
      await assert.rejects(tier.exportParquet({ ...query, spaceBytes: 0 }), { name: 'NoSpaceError' });
    },
  },
];

/** Two streams with the same lines in several blocks each. */
async function storedStreams(tier: ContractTier, tenant: string): Promise<readonly StreamSpec[]> {
  const streams = [makeStream(tenant), makeStream(tenant, 'more')];
  for (const stream of streams) {
    await tier.prepare(stream);
    for (let block = 0; block < 3; block += 1) await storeLines(tier, stream, LINES);
  }
  return streams;
}

async function scanned(tier: ContractTier, query: ScanQuery): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const { lines, count } of tier.scan(query)) {
    const texts = Buffer.from(lines).toString().split('\n').slice(0, -1);
    assert.equal(texts.length, count);
    events.push(...texts.map((text) => JSON.parse(text) as StoredEvent));
  }
  return events;
}

async function searched(tier: ContractTier, query: EventQuery): Promise<readonly StoredEvent[]> {
  const { events } = await tier.search({ ...query, limit: 1_000 });
  return JSON.parse(JSON.stringify(events)) as StoredEvent[];
}

function positionOf({ timestamp, event_id }: StoredEvent): EventPosition {
  const place = parseEventId(event_id);
  if (!place) throw new Error(`A search showed an event without a place: ${event_id}`);
  return { timestamp: at(timestamp), ...place };
}
