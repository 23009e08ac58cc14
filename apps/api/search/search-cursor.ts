import { z } from 'zod';
import { parseEventId, parseTime } from '#event-model';
import type { EventPosition, StoredEvent } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { decodeCursor, encodeCursor, fingerprint, FINGERPRINT_LENGTH } from './cursor-text.js';
import { listOf } from './selection.js';
import type { SelectionRequest } from './selection.schema.js';

const VERSION = 1;
const nanoseconds = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt)
  .refine((ns) => ns < 2n ** 63n);
const eventId = z.string().refine((text) => parseEventId(text) !== undefined);
const count = z.number().int().min(0);
const contents = z.tuple([
  z.literal(VERSION),
  z.string().length(FINGERPRINT_LENGTH),
  count,
  nanoseconds,
  nanoseconds,
  nanoseconds,
  eventId,
  count,
  z.boolean(),
]);

/** Where a search goes on, and what its first page fixed. */
export interface SearchProgress {
  /** What relative times count from, milliseconds since the epoch. */
  readonly now: number;
  /** The range of all pages: nanoseconds since the epoch, `to` exclusive. */
  readonly from: bigint;
  readonly to: bigint;
  /** The last event that was shown. */
  readonly after: EventPosition;
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** What a cursor belongs to: who asked, and for what, apart from how much of it on a page. */
export interface CursorOwner extends SelectionRequest {
  readonly tenant: string;
  readonly sort: string;
}

/** The opaque text of a progress. It holds no secret, and forged it can ask no more than a request could. */
export function writeCursor(owner: CursorOwner, progress: SearchProgress): string {
  const { now, from, to, after, total, totalIsExact } = progress;
  const place = [after.timestamp, from, to].map(String);
  const id = `${after.block}-${after.row}`;
  const values = [VERSION, printOf(owner), now, ...place, id, total, totalIsExact];
  return encodeCursor(values);
}

/** @throws Problem `cursor_invalid` where it is none, or another search's, order's or tenant's */
export function readCursor(owner: CursorOwner, text: string): SearchProgress {
  const parsed = contents.safeParse(decodeCursor(text));
  if (!parsed.success) throw new Problem('cursor_invalid', 'That is no cursor of a search.');
  const [, print, now, timestamp, from, to, id, total, totalIsExact] = parsed.data;
  const place = parseEventId(id);
  if (print !== printOf(owner) || !place)
    throw new Problem(
      'cursor_invalid',
      'The cursor is of another search: other conditions, times, streams or order.',
    );
  return { now, from, to, after: { ...place, timestamp }, total, totalIsExact };
}

/** Where an event stands; undefined where it names no place. */
export function positionOf(event: StoredEvent): EventPosition | undefined {
  const [place, timestamp] = [parseEventId(event.event_id), parseTime(event.timestamp)];
  return place && timestamp !== undefined ? { ...place, timestamp } : undefined;
}

/** The same for the same question, in whichever form it was asked. */
function printOf({
  tenant,
  sort,
  stream,
  level,
  service,
  search,
  query,
  filters,
  ...range
}: CursorOwner): string {
  const lists = [stream, level, service].map((given) => (given === undefined ? null : listOf(given)));
  const fields = Object.entries(filters ?? {}).map(([field, values]) => [
    field,
    ...listOf(values).map(String),
  ]);
  const question = [tenant, sort, ...lists, search, query, range.start_time, range.end_time, fields.sort()];
  return fingerprint(question);
}
