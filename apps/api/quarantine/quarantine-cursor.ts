import { z } from 'zod';
import { parseEventId, parseTime } from '#event-model';
import type { EventPosition, QuarantinedEvent, QuarantineQuery } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { decodeCursor, encodeCursor, fingerprint } from '../search/cursor-text.js';

const contents = z.tuple([z.string(), z.string(), z.string()]);

type Question = Pick<QuarantineQuery, 'tenant' | 'stream' | 'source' | 'reason'>;

/** Leads to what comes behind this event in the same list. */
export function writeQuarantineCursor(question: Question, last: QuarantinedEvent): string {
  return encodeCursor([printOf(question), last.received_at, last.event_id]);
}

/** @throws Problem `cursor_invalid` where it is none, or of other conditions or another tenant */
export function readQuarantineCursor(question: Question, text: string): EventPosition {
  const { data: [print, time, id] = [] } = contents.safeParse(decodeCursor(text));
  const [timestamp, place] = [parseTime(time ?? ''), parseEventId(id ?? '')];
  if (timestamp === undefined || !place)
    throw new Problem('cursor_invalid', 'That is no cursor of this list.');
  if (print !== printOf(question))
    throw new Problem('cursor_invalid', 'The cursor is of a list with other conditions.');
  return { ...place, timestamp };
}

function printOf({ tenant, stream, source, reason }: Question): string {
  return fingerprint(['quarantine', tenant, stream, source, reason]);
}
