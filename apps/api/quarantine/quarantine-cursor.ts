import { z } from 'zod';
import { parseEventId, parseTime } from '#event-model';
import type { EventPosition, QuarantinedEvent } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { decodeCursor, encodeCursor, fingerprint } from '../search/cursor-text.js';
import type { QuarantineConditions } from './quarantine.schema.js';

const contents = z.tuple([z.string(), z.string(), z.string()]);

/** Leads to what comes behind this event in the same list. */
export function writeQuarantineCursor(
  tenant: string,
  conditions: QuarantineConditions,
  last: QuarantinedEvent,
): string {
  return encodeCursor([printOf(tenant, conditions), last.received_at, last.event_id]);
}

/** @throws Problem `cursor_invalid` where it is none, or of other conditions or another tenant */
export function readQuarantineCursor(
  tenant: string,
  conditions: QuarantineConditions,
  text: string,
): EventPosition {
  const { data: [print, time, id] = [] } = contents.safeParse(decodeCursor(text));
  const [timestamp, place] = [parseTime(time ?? ''), parseEventId(id ?? '')];
  if (timestamp === undefined || !place)
    throw new Problem('cursor_invalid', 'That is no cursor of this list.');
  if (print !== printOf(tenant, conditions))
    throw new Problem('cursor_invalid', 'The cursor is of a list with other conditions.');
  return { ...place, timestamp };
}

function printOf(tenant: string, conditions: QuarantineConditions): string {
  const { stream, source, reason, parser, start_time: start, end_time: end } = conditions;
  return fingerprint(['quarantine', tenant, stream, source, reason, parser, start, end]);
}
