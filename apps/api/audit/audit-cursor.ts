import { z } from 'zod';
import { Problem } from '../problems/problem.js';
import { decodeCursor, encodeCursor, fingerprint } from '../search/cursor-text.js';
import type { AuditConditions } from './audit.schema.js';

const contents = z.tuple([z.string(), z.number().int().positive()]);

/** Leads to what comes behind an entry in the same list. @param before the entry's number */
export function writeAuditCursor(reader: string, conditions: AuditConditions, before: number): string {
  return encodeCursor([printOf(reader, conditions), before]);
}

/** @throws Problem `cursor_invalid` where it is none, or of other conditions or another reader */
export function readAuditCursor(reader: string, conditions: AuditConditions, text: string): number {
  const read = contents.safeParse(decodeCursor(text));
  if (!read.success) throw new Problem('cursor_invalid', 'That is no cursor of this list.');
  const [print, before] = read.data;
  if (print !== printOf(reader, conditions))
    throw new Problem('cursor_invalid', 'The cursor is of a list with other conditions.');
  return before;
}

function printOf(reader: string, conditions: AuditConditions): string {
  const { start_time: start, end_time: end, actor, action, object, tenant } = conditions;
  return fingerprint(['audit', reader, start, end, actor, action, object, tenant]);
}
