import { changedFields, type LineOutcome } from '#plugin-host';
import type { DryRunResult } from '../parsers/parsers.schema.js';
import type { ComparedLine } from './versions.schema.js';

const EQUAL: ComparedLine = { outcome: 'equal' };

/** How two versions' results for one line stand to each other. */
export function compareResults(from: DryRunResult, to: DryRunResult): ComparedLine {
  const [before, after] = [shapeOf(from), shapeOf(to)];
  if (before.isRefused !== after.isRefused)
    return { ...outcome(after.isRefused ? 'newly_refused' : 'newly_read'), from, to };
  const changes = changedFields(before.fields, after.fields).map((change) => ({ ...change }));
  return changes.length === 0 ? EQUAL : { ...outcome('changed'), changes, from, to };
}

function outcome(kind: LineOutcome): { readonly outcome: LineOutcome } {
  return { outcome: kind };
}

function shapeOf(result: DryRunResult): { readonly isRefused: boolean; readonly fields: object } {
  if ('event' in result) return { isRefused: false, fields: result.event };
  return { isRefused: true, fields: { reason: result.reason } };
}
