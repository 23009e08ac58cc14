import { randomUUID } from 'node:crypto';
import {
  createBlockIdGenerator,
  parseTime,
  type Block,
  type BlockHeader,
  type EventPlace,
} from '#event-model';
import type { EventQuery, Filter, StreamSpec, TierBatch, WritableTier } from '#plugin-kit';
import { makeEventType, makeField } from '../factories.js';

const nextId = createBlockIdGenerator();

/** One field of each kind. */
const CONTRACT_TYPE = makeEventType({
  fields: [
    makeField({ name: 'region', type: 'keyword' }),
    makeField({ name: 'user_id', type: 'string', aliases: ['uid'], indexed: true }),
    makeField({ name: 'status', type: 'uint16' }),
    makeField({ name: 'bytes', type: 'uint64' }),
    makeField({ name: 'delta', type: 'int64' }),
    makeField({ name: 'latency_ms', type: 'float64' }),
    makeField({ name: 'ok', type: 'bool' }),
  ],
  sortBy: ['service', 'level'],
  rollUps: [
    { name: 'by_level', by: ['level', 'service'] },
    { name: 'by_region', by: ['region'] },
  ],
});

/** When the blocks of a scene were accepted, unless a case says otherwise. */
export const RECEIVED = '2026-11-21T12:00:30.000000001Z';

export function makeStream(tenant: string, name = 'orders'): StreamSpec {
  return { tenant, name, eventType: CONTRACT_TYPE, keepRaw: 'when_needed' };
}

/** A block of the stream with these lines. */
export function makeStreamBlock(
  stream: StreamSpec,
  lines: readonly (string | Uint8Array)[],
  header: Partial<BlockHeader> = {},
): Block {
  const body = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  const identity = { id: nextId(), tenant: stream.tenant, stream: stream.name, source: 'agent-1' };
  const origin = { format: 'ndjson' as const, receivedAt: at(RECEIVED), count: lines.length };
  return { header: { ...identity, ...origin, ...header }, body };
}

/** A batch of these blocks under a token of its own. */
export function makeTierBatch(
  stream: StreamSpec,
  blocks: readonly Block[],
  skip: readonly EventPlace[] = [],
): TierBatch {
  return { stream, token: randomUUID(), blocks, skip };
}

/** Two good lines of one day, one of another, and three that are refused. */
export const MIXED_LINES: readonly (string | Uint8Array)[] = [
  '{"timestamp":"2026-11-20T08:00:00Z","level":"INFO","service":"shop","region":"eu","message":"order placed"}',
  'no json',
  '{"timestamp":"2026-11-20T08:00:00.000000001Z","level":"ERROR","service":"shop","message":"order lost"}',
  '{"status":"high"}',
  '{"timestamp":"2026-11-19T23:59:59.999999999Z","service":"shop","extra":{"n":[1,2]}}',
  Buffer.from([0x7b, 0xff, 0x7d]),
];
/** What becomes of {@link MIXED_LINES}. */
export const MIXED_ROWS = { stored: [0, 2, 4], refused: ['1 not_json', '3 type:status', '5 not_json'] };

/** Stores one block of these lines and gives it back. */
export async function storeLines(
  tier: WritableTier,
  stream: StreamSpec,
  lines: readonly (string | Uint8Array)[],
  header: Partial<BlockHeader> = {},
): Promise<Block> {
  const block = makeStreamBlock(stream, lines, header);
  await tier.insert(makeTierBatch(stream, [block]));
  return block;
}

/** The rows of each block, as the tier reads them back: a row that is there twice is named twice. */
export async function rowsOf(tier: WritableTier, stream: StreamSpec, blocks: readonly Block[]) {
  const ids = blocks.map(({ header }) => header.id);
  const present = await tier.present(stream, ids);
  return present.map(({ stored, quarantined }) => ({
    stored: [...stored],
    refused: quarantined.map(({ row, reason }) => `${row} ${reason}`),
  }));
}

/** Every row that the tier has of the blocks, as a later insert would skip it. */
export async function placesOf(
  tier: WritableTier,
  stream: StreamSpec,
  blocks: readonly Block[],
): Promise<readonly EventPlace[]> {
  const present = await tier.present(
    stream,
    blocks.map(({ header }) => header.id),
  );
  return present.flatMap(({ block, stored, quarantined }) =>
    [...stored, ...quarantined.map(({ row }) => row)].map((row) => ({ block, row })),
  );
}

/** Places of these rows of a block. */
export function rowsIn(block: Block, rows: readonly number[]): readonly EventPlace[] {
  return rows.map((row) => ({ block: block.header.id, row }));
}

export const EVERYTHING: Filter = { kind: 'all', of: [] };

/** A search over all time, oldest first. */
export function makeQuery(streams: readonly StreamSpec[], more: Partial<EventQuery> = {}): EventQuery {
  return {
    tenant: streams[0]?.tenant ?? '',
    streams,
    from: at('1980-01-01T00:00:00Z'),
    to: at('2100-01-01T00:00:00Z'),
    filter: EVERYTHING,
    order: 'asc',
    limit: 100,
    timeoutMs: 20_000,
    ...more,
  };
}

/** Nanoseconds since the epoch of a time in RFC 3339. */
export function at(time: string): bigint {
  return parseTime(time) ?? 0n;
}
