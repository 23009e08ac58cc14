import { isUtf8 } from 'node:buffer';
import { Binary, Long, type Filter } from 'mongodb';
import { formatEventId, formatTimestamp } from '#event-model';
import type { QuarantinedEvent, QuarantineFilter } from '#plugin-kit';
import type { RefusedRow } from '../documents/batch-rows.js';
import { bigOf, blockBytes } from '../documents/event-document.js';

/** A refused row as it is kept. */
export interface RefusedDocument {
  /** The event's id. */
  readonly _id: string;
  readonly stream: string;
  readonly source: string;
  readonly reason: string;
  /** Empty for what came as JSON. */
  readonly parser: string;
  readonly block: Binary;
  readonly row: number;
  /** Acceptance: nanoseconds since the epoch. */
  readonly received: Long;
  /** Binary where it is no UTF-8. */
  readonly raw: string | Binary;
  /** Of `raw`. */
  readonly bytes: number;
}

export function toRefused(stream: string, row: RefusedRow): RefusedDocument {
  const { block, source, reason, parser, receivedAt, kept } = row;
  return {
    _id: formatEventId(block, row.row),
    ...{ stream, source, reason, parser, block: blockBytes(block), row: row.row },
    received: Long.fromBigInt(receivedAt),
    raw: isUtf8(kept) ? kept.toString('utf8') : new Binary(kept),
    bytes: kept.length,
  };
}

/** A refused row as the API shows it. */
export function toQuarantined(document: RefusedDocument): QuarantinedEvent {
  const { _id, stream, source, reason, parser, received, raw } = document;
  return {
    ...{ event_id: _id, stream, source, reason },
    ...(parser !== '' && { parser }),
    received_at: formatTimestamp(bigOf(received)),
    ...(typeof raw === 'string' ? { raw } : { raw_base64: raw.toString('base64') }),
  };
}

/** The bytes of a refused row. */
export function bytesOf({ raw }: RefusedDocument): Buffer {
  return typeof raw === 'string' ? Buffer.from(raw) : Buffer.from(raw.value());
}

/** Every value is compared as it is: none is taken for an operator. */
export function refusedFilter(filter: QuarantineFilter): Filter<RefusedDocument> {
  const { stream, source, reason, parser, block, from, to } = filter;
  const equal = Object.entries({ stream, source, reason, parser }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(equal.map(([name, value]) => [name, { $eq: value }])),
    ...(block !== undefined && { block: { $eq: blockBytes(block) } }),
    ...((from !== undefined || to !== undefined) && {
      received: {
        ...(from !== undefined && { $gte: Long.fromBigInt(from) }),
        ...(to !== undefined && { $lt: Long.fromBigInt(to) }),
      },
    }),
  };
}
