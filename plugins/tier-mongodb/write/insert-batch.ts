import type { ClaimIds, IdentifiedEvent, InsertReport, TierBatch } from '#plugin-kit';
import { formatEventId, type BlockId, type EventPlace } from '#event-model';
import { countBlocks } from '../counts/count-blocks.js';
import { hoursOf } from '../counts/hours-of.js';
import { judgeRows, refuseRows, type RefusedRow } from '../documents/batch-rows.js';
import { blockIn, toDocument, type AcceptedRow, type RowKind } from '../documents/event-document.js';
import { toRefused } from '../quarantine/refused-document.js';
import type { MongoStore } from '../store/mongo-store.js';
import { bulkInsert } from './bulk-insert.js';

/** Stores a batch: events, refused rows, and then the counts, which are made of what is there. */
export async function insertBatch(
  store: MongoStore,
  batch: TierBatch,
  claim?: ClaimIds,
): Promise<InsertReport> {
  const { accepted, refused } = await judgeRows(batch);
  const identified = accepted.flatMap(identify);
  const doubled = claim && identified.length > 0 ? await claim(identified) : [];
  const rows = without(accepted, doubled);
  const kind = kindOf(batch);
  const documents = rows.map((row) => toDocument(row, kind));
  const report = await bulkInsert(store.events(batch.stream), documents);
  const denied = rows.flatMap((row) => deniedRow(row, report.refused));
  const quarantined = [...refused, ...denied];
  await keepRefused(store, batch, quarantined);
  const fresh = freshBlocks(batch, report.known);
  const known = hoursOf(documents.filter(({ _id }) => fresh.has(blockIn(_id)) && !report.refused.has(_id)));
  await countBlocks(store, batch.stream, { blocks: batch.blocks.map(({ header }) => header), known });
  return { stored: rows.length - denied.length, quarantined: placesOf(quarantined) };
}

/** Puts the batch's rows into quarantine as they are. */
export async function refuseBatch(
  store: MongoStore,
  batch: TierBatch,
  reason: string,
): Promise<InsertReport> {
  const rows = refuseRows(batch, reason);
  await keepRefused(store, batch, rows);
  return { stored: 0, quarantined: placesOf(rows) };
}

/** The rows of a batch that would be refused. */
export async function judgeBatch(batch: TierBatch): Promise<InsertReport['quarantined']> {
  return placesOf((await judgeRows(batch)).refused);
}

/** The client ids of a batch, of those rows that are events. */
export async function clientIdsOf(batch: TierBatch): Promise<readonly IdentifiedEvent[]> {
  const { accepted } = await judgeRows(batch);
  return accepted.flatMap(identify);
}

/** Blocks of which nothing was there before: what was sent of them is all that there is. */
function freshBlocks({ blocks, skip }: TierBatch, known: readonly string[]): ReadonlySet<BlockId> {
  const touched = new Set([...skip.map(({ block }) => block), ...known.map(blockIn)]);
  const fresh = blocks.filter(({ header, rows }) => rows === undefined && !touched.has(header.id));
  return new Set(fresh.map(({ header }) => header.id));
}

function identify({ block, row, event }: AcceptedRow): IdentifiedEvent[] {
  return event.id === '' ? [] : [{ block, row, id: event.id }];
}

function without(rows: readonly AcceptedRow[], places: readonly EventPlace[]): readonly AcceptedRow[] {
  if (places.length === 0) return rows;
  const left = new Set(places.map(({ block, row }) => formatEventId(block, row)));
  return rows.filter(({ block, row }) => !left.has(formatEventId(block, row)));
}

function kindOf({ stream, sealed }: TierBatch): RowKind {
  return {
    version: stream.eventType.version ?? 1,
    ...(sealed && { generationOf: (day: number) => (day <= sealed.through ? sealed.generation : 0) }),
  };
}

/** A row that the server takes no document of is kept as refused rows are. */
function deniedRow(row: AcceptedRow, refused: ReadonlyMap<string, number>): RefusedRow[] {
  const code = refused.get(formatEventId(row.block, row.row));
  if (code === undefined) return [];
  const { block, source, receivedAt, raw, line } = row;
  const text = raw ?? (row.isText ? String(row.event.fields.get('message') ?? '') : line);
  const kept = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.value());
  return [{ block, row: row.row, source, receivedAt, kept, parser: '', reason: `engine:${code}` }];
}

async function keepRefused(
  store: MongoStore,
  { stream }: TierBatch,
  rows: readonly RefusedRow[],
): Promise<void> {
  const documents = rows.map((row) => toRefused(stream.name, row));
  if (documents.length > 0) await bulkInsert(store.quarantine(stream.tenant), documents);
}

function placesOf(rows: readonly RefusedRow[]): InsertReport['quarantined'] {
  return rows.map(({ block, row, reason }) => ({ block, row, reason }));
}
