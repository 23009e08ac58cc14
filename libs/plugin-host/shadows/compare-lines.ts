import { REFUSED_BY, REFUSED_LINE } from '#event-model';
import { changedFields, type FieldChange } from '../parsers/changed-fields.js';
import { parseExactJson } from '../parsers/exact-json.js';

/** How two readings of one line stand to each other. */
export type LineOutcome = 'equal' | 'changed' | 'newly_read' | 'newly_refused';

export const LINE_OUTCOMES: readonly LineOutcome[] = ['equal', 'changed', 'newly_read', 'newly_refused'];

/** Two readings of a line, compared. */
export interface LineComparison {
  readonly outcome: LineOutcome;
  /** Of `changed`: what differs. The reason of a refusal is the field `reason`. */
  readonly changes: readonly FieldChange[];
}

const EQUAL: LineComparison = { outcome: 'equal', changes: [] };
const BY = String.fromCharCode(REFUSED_BY);

/** Compares two canonical lines: what the first reading made of a text line, and what the second did. */
export function compareCanonical(from: string, to: string): LineComparison {
  if (from === to) return EQUAL;
  const [before, after] = [readingOf(from), readingOf(to)];
  if (before.isRefused !== after.isRefused)
    return { outcome: after.isRefused ? 'newly_refused' : 'newly_read', changes: [] };
  const changes = changedFields(before.fields, after.fields);
  return changes.length === 0 ? EQUAL : { outcome: 'changed', changes };
}

interface Reading {
  readonly isRefused: boolean;
  readonly fields: object;
}

function readingOf(line: string): Reading {
  if (line.charCodeAt(0) === REFUSED_LINE)
    return { isRefused: true, fields: { reason: line.slice(1).split(BY)[0] } };
  try {
    const fields = parseExactJson(line);
    if (typeof fields === 'object' && fields !== null) return { isRefused: false, fields };
  } catch {
    // A parser that gives the line as it is may give what is no JSON: storage refuses it.
  }
  return { isRefused: true, fields: { reason: 'not_json' } };
}
