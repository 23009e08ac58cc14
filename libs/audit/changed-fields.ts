import type { AuditValue, FieldChange } from './audit-entry.js';
import { MASK, masked } from './masked.js';

/** Fields of one entry, and characters of one value: an entry is for people, and has at most some 50 KiB. */
const MAX_FIELDS = 100;
const MAX_VALUE = 200;
const MAX_NAME = 120;
/** Levels that are compared. Nothing that the API shows has so many; of a body with thousands, JSON would overflow the stack. */
const MAX_DEPTH = 100;

/**
 * What differs between two states of something, field by field, without secrets; undefined where it is not there. A field
 * inside of another one is `a.b`; a list is one value. A secret that changed is told by its name alone.
 */
export function changedFields(before: unknown, after: unknown): readonly FieldChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changes = names
    .filter((name) => old.get(name)?.exact !== now.get(name)?.exact)
    .map((name) => fieldChange(name, old.get(name), now.get(name)));
  if (changes.length <= MAX_FIELDS) return changes;
  const more = `${changes.length - MAX_FIELDS} more fields`;
  return [...changes.slice(0, MAX_FIELDS), { field: '…', after: more }];
}

interface Leaf {
  /** To compare by; never kept. */
  readonly exact: string;
  readonly shown: AuditValue;
}

function fieldChange(name: string, before: Leaf | undefined, after: Leaf | undefined): FieldChange {
  return {
    field: cut(name, MAX_NAME),
    ...(before && { before: before.shown }),
    ...(after && { after: after.shown }),
  };
}

function leavesOf(state: unknown): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  if (state !== undefined) collect('', [state, masked(state)], leaves);
  return leaves;
}

function collect(
  path: string,
  [exact, shown]: readonly [exact: unknown, shown: unknown],
  leaves: Map<string, Leaf>,
): void {
  if (exact === undefined) return;
  if (!isRecord(exact) || (!isRecord(shown) && shown !== undefined))
    return void leaves.set(path, { exact: JSON.stringify(upTo(MAX_DEPTH, exact)), shown: valueOf(shown) });
  for (const [name, member] of Object.entries(exact))
    collect(path === '' ? name : `${path}.${name}`, [member, isRecord(shown) ? shown[name] : MASK], leaves);
}

function upTo(depth: number, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => upTo(depth - 1, item));
  if (!isRecord(value) || typeof value['toJSON'] === 'function') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, upTo(depth - 1, member)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueOf(value: unknown): AuditValue {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return cut(typeof value === 'string' ? value : JSON.stringify(value), MAX_VALUE);
}

function cut(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  // Halves of pairs have no UTF-8, and other programs are to compute the same hash.
  return short.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}
