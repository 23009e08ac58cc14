import assert from 'node:assert/strict';
import type { BlocksQuery, Filter, StoredEvent } from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import {
  EVERYTHING,
  makeQuery,
  makeStream,
  makeStreamBlock,
  makeTierBatch,
  rowsIn,
  storeLines,
} from './scene.js';

/** Of several days, out of order, with what JSON texts may hold; the third is refused. */
const LINES: readonly string[] = [
  '{"timestamp":"2026-11-20T08:00:00Z","level":"ERROR","message":"a\\r\\n\\"b\\" \\u0000 ü"}',
  '{"timestamp":"1999-01-01T00:00:00Z","level":"INFO","service":"shop","status":500}',
  'no json',
  '{"timestamp":"2026-11-19T23:59:59.999999999Z","bytes":18446744073709551615,"o":{"k":1,"k":2}}',
];
const FILTERS: readonly Filter[] = [
  EVERYTHING,
  { kind: 'level', words: ['error'] },
  { kind: 'not', of: { kind: 'equals', field: 'status', values: [500] } },
  { kind: 'equals', field: 'service', values: ['nobody'] },
];

/** Events by the blocks that they came in. */
export const blockCases: readonly TierCase[] = [
  {
    promise: 'blocks',
    name: 'gives each fitting event of these blocks once, as a search shows it, in the order of acceptance',
    distributed: 'a look-up by block on every shard; an index on the block',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await storeLines(tier, stream, LINES);
      const [first, second] = [makeStreamBlock(stream, LINES), makeStreamBlock(stream, LINES)];
      const blocks = [first, second];
      await tier.insert(makeTierBatch(stream, blocks, rowsIn(second, [0])));
      await storeLines(tier, stream, LINES);
      const ids = blocks.map(({ header }) => header.id);
      for (const filter of FILTERS) {
        const query = { stream, blocks: ids, filter, timeoutMs: 20_000 };
        const expected = await searched(tier, query);
        assert.deepEqual(await read(tier, query), expected);
        assert.equal(await tier.countBlocks(query), expected.length);
      }
    },
  },
  {
    promise: 'blocks',
    name: 'has nothing of a stream that nothing was written to, nor of blocks of another stream',
    distributed: 'the table is not there; neither is the collection',
    async run({ tier, tenant }) {
      const [stream, other] = [makeStream(tenant), makeStream(tenant, 'other')];
      const block = await storeLines(tier, stream, LINES);
      const query = { stream: other, blocks: [block.header.id], filter: EVERYTHING, timeoutMs: 20_000 };
      assert.deepEqual([await read(tier, query), await tier.countBlocks(query)], [[], 0]);
      await storeLines(tier, other, LINES);
      assert.deepEqual([await read(tier, query), await tier.countBlocks(query)], [[], 0]);
    },
  },
  {
    promise: 'blocks',
    name: 'ends when its caller leaves, and that is no end of the events',
    distributed: 'the query is killed by its id; the cursor is closed',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      const block = await storeLines(tier, stream, LINES);
      const query = { stream, blocks: [block.header.id], filter: EVERYTHING, timeoutMs: 20_000 };
      const left = AbortSignal.abort(new Error('the caller left'));
      await assert.rejects(async () => tier.readBlocks(query, left)[Symbol.asyncIterator]().next());
      await assert.rejects(tier.countBlocks(query, left));
    },
  },
];

async function read(tier: ContractTier, query: BlocksQuery): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const { lines, count } of tier.readBlocks(query)) {
    const texts = Buffer.from(lines).toString().split('\n').slice(0, -1);
    assert.equal(texts.length, count);
    for (const text of texts) assert.match(text, /^\{"event_id":"[0-9a-f]{32}-\d+"/);
    events.push(...texts.map((text) => JSON.parse(text) as StoredEvent));
  }
  return events;
}

/** The same by a search: those of the blocks, by block and row. */
async function searched(tier: ContractTier, query: BlocksQuery): Promise<readonly StoredEvent[]> {
  const { stream, blocks, filter } = query;
  const { events } = await tier.search({ ...makeQuery([stream], { filter }), limit: 1_000 });
  const shown = JSON.parse(JSON.stringify(events)) as StoredEvent[];
  const own = shown.filter(({ event_id }) => blocks.some((id) => event_id.startsWith(id)));
  return own.sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
}
