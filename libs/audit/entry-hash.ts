import { hash } from 'node:crypto';
import type { AuditEntry, AuditFacts, ChainHead } from './audit-entry.js';

/** Where a chain begins. */
export const NO_ENTRY: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

/** The next link behind `head`. */
export function sealEntry(facts: AuditFacts, head: ChainHead, time: string): AuditEntry {
  const entry = { sequence: head.sequence + 1, time, ...facts, previous: head.hash };
  return { ...entry, hash: hashOf(entry) };
}

/** SHA-256, hex, of the hash before, a line end, and the entry without both as canonical JSON. */
export function hashOf({ previous, ...entry }: Omit<AuditEntry, 'hash'>): string {
  return hash('sha256', `${previous}\n${canonical(entry)}`, 'hex');
}

/** JSON without spaces, the members of every object in the order of their names (by UTF-16, as RFC 8785 has them). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
