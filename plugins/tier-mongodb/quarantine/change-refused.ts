import type { Filter } from 'mongodb';
import { formatEventId, type EventPlace } from '#event-model';
import type { NewReason, StreamSpec } from '#plugin-kit';
import type { MongoStore } from '../store/mongo-store.js';
import type { RefusedDocument } from './refused-document.js';

/** The stream's refused rows at these places. */
export function placed({ name }: StreamSpec, places: readonly EventPlace[]): Filter<RefusedDocument> {
  return { _id: { $in: places.map(({ block, row }) => formatEventId(block, row)) }, stream: { $eq: name } };
}

/** Takes rows out of quarantine. */
export async function removeRefused(
  store: MongoStore,
  stream: StreamSpec,
  places: readonly EventPlace[],
): Promise<void> {
  if (places.length > 0) await store.quarantine(stream.tenant).deleteMany(placed(stream, places));
}

/** Writes new reasons. */
export async function renameRefused(
  store: MongoStore,
  stream: StreamSpec,
  rows: readonly NewReason[],
): Promise<void> {
  if (rows.length === 0) return;
  const changes = rows.map((row) => ({
    updateOne: {
      filter: placed(stream, [row]),
      update: { $set: { reason: row.reason, parser: row.parser } },
    },
  }));
  await store.quarantine(stream.tenant).bulkWrite(changes, { ordered: false });
}
