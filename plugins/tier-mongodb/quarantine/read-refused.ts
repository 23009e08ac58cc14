import { Long, type Filter } from 'mongodb';
import type { EventPlace } from '#event-model';
import type {
  QuarantineCounts,
  QuarantineFilter,
  QuarantinePage,
  QuarantineQuery,
  RefusedLine,
  RefusedPlace,
  ScanPiece,
  StreamSpec,
  ValueCount,
} from '#plugin-kit';
import { bigOf, blockBytes, blockOf } from '../documents/event-document.js';
import type { MongoStore } from '../store/mongo-store.js';
import { placed } from './change-refused.js';
import { bytesOf, refusedFilter, toQuarantined, type RefusedDocument } from './refused-document.js';

/** Milliseconds. */
const LONGEST_MS = 30_000;
const MAX_VALUES = 1_000;
const SIDES = ['reason', 'source', 'stream', 'parser'] as const;
/** Lines of one piece; each may have a mebibyte. */
const PIECE_ROWS = 64;

/** The newest that fit, with the number of all. */
export async function quarantinePage(store: MongoStore, query: QuarantineQuery): Promise<QuarantinePage> {
  const collection = store.quarantine(query.tenant);
  const filter = refusedFilter(query);
  const [found, total] = await Promise.all([
    collection
      .find({ $and: [filter, behind(query)] }, { maxTimeMS: LONGEST_MS })
      .sort({ received: -1, block: -1, row: 1 })
      .limit(query.limit + 1)
      .toArray(),
    collection.countDocuments(filter, { maxTimeMS: LONGEST_MS }),
  ]);
  return { events: found.slice(0, query.limit).map(toQuarantined), more: found.length > query.limit, total };
}

function behind({ after }: QuarantineQuery): Filter<RefusedDocument> {
  if (!after) return {};
  const received = Long.fromBigInt(after.timestamp);
  const block = blockBytes(after.block);
  return {
    $or: [
      { received: { $lt: received } },
      { received, block: { $lt: block } },
      { received, block, row: { $gt: after.row } },
    ],
  };
}

/** Counts what is refused by each side. */
export async function countRefused(store: MongoStore, filter: QuarantineFilter): Promise<QuarantineCounts> {
  const match = { $match: refusedFilter(filter) };
  const options = { maxTimeMS: LONGEST_MS };
  const of = async (side: (typeof SIDES)[number]): Promise<readonly ValueCount[]> => {
    const group = { $group: { _id: `$${side}`, events: { $sum: 1 } } };
    const found = await store
      .quarantine(filter.tenant)
      .aggregate<{ _id: string; events: number }>(
        [match, group, { $sort: { events: -1, _id: 1 } }, { $limit: MAX_VALUES }],
        options,
      )
      .toArray();
    return found.map(({ _id: value, events }) => ({ value, events }));
  };
  const total = await store.quarantine(filter.tenant).countDocuments(refusedFilter(filter), options);
  const [reasons = [], sources = [], streams = [], parsers = []] = await Promise.all(SIDES.map(of));
  return { total, reasons, sources, streams, parsers };
}

/** Every refused row that fits as a line of JSON, by block and row. */
export async function* scanRefused(
  store: MongoStore,
  filter: QuarantineFilter,
  signal?: AbortSignal,
): AsyncGenerator<ScanPiece> {
  const cursor = store.quarantine(filter.tenant).find(refusedFilter(filter)).sort({ block: 1, row: 1 });
  try {
    for (let lines: string[] = []; ;) {
      signal?.throwIfAborted();
      const document = await cursor.next();
      if (document) lines.push(`${JSON.stringify(toQuarantined(document))}\n`);
      if (lines.length > 0 && (!document || lines.length === PIECE_ROWS)) {
        yield { lines: Buffer.from(lines.join('')), count: lines.length };
        lines = [];
      }
      if (!document) return;
    }
  } finally {
    await cursor.close();
  }
}

/** Places of what is refused, by block and row. */
export async function refusedPlaces(
  store: MongoStore,
  filter: QuarantineFilter,
  { limit, after }: { readonly limit: number; readonly after?: EventPlace },
): Promise<readonly RefusedPlace[]> {
  const found = await store
    .quarantine(filter.tenant)
    .find(
      { $and: [refusedFilter(filter), fromPlace(after)] },
      { projection: { raw: 0 }, maxTimeMS: LONGEST_MS },
    )
    .sort({ block: 1, row: 1 })
    .limit(limit)
    .toArray();
  return found.map((each) => ({
    ...{ block: blockOf(each.block), row: each.row, stream: each.stream, bytes: each.bytes },
  }));
}

function fromPlace(after: EventPlace | undefined): Filter<RefusedDocument> {
  if (!after) return {};
  const block = blockBytes(after.block);
  return { $or: [{ block: { $gt: block } }, { block, row: { $gt: after.row } }] };
}

/** Refused rows of these places, with their bytes. */
export async function refusedLines(
  store: MongoStore,
  stream: StreamSpec,
  places: readonly EventPlace[],
): Promise<readonly RefusedLine[]> {
  if (places.length === 0) return [];
  const found = await store
    .quarantine(stream.tenant)
    .find(placed(stream, places), { readConcern: 'majority' })
    .sort({ block: 1, row: 1 })
    .toArray();
  return found.map((each) => ({
    ...{ block: blockOf(each.block), row: each.row, source: each.source },
    ...{ reason: each.reason, parser: each.parser, raw: bytesOf(each) },
    receivedAt: bigOf(each.received),
  }));
}

/** Refused rows of a tenant by stream, source and minute of acceptance. */
export async function countQuarantine(store: MongoStore, tenant: string) {
  const minute = { $subtract: ['$received', { $mod: ['$received', Long.fromBigInt(60_000_000_000n)] }] };
  const group = {
    $group: { _id: { stream: '$stream', source: '$source', minute }, events: { $sum: 1 } },
  };
  const found = await store
    .quarantine(tenant)
    .aggregate<{ _id: { stream: string; source: string; minute: Long }; events: number }>([group], {
      promoteLongs: false,
    })
    .toArray();
  return found.map(({ _id: { stream, source, minute: ns }, events }) => ({
    ...{ stream, source, events: Number(events), minute: Number(bigOf(ns) / 1_000_000n) },
  }));
}
