import { setImmediate as othersTurn } from 'node:timers/promises';
import { CatalogueDamageError, type Catalogue } from '#catalogue';
import type { AuditEntry, AuditFacts, ChainHead } from './audit-entry.js';

/** Collections of the catalogue. */
export const ENTRIES = 'audit';
/** Changes that have begun and are not recorded yet. */
export const BEGUN = 'audit-begun';
export const STATE = 'audit-state';
/** Of {@link STATE}: the {@link ChainHead}; what was {@link Pruned}; how it was when it was verified last. */
export const HEAD = 'head';
export const PRUNED = 'pruned';
export const VERIFIED = 'verified';

/** Entries that are read at once. */
export const PAGE = 500;
const DIGITS = 15;

/** A change that has begun, as it is kept until it is recorded. */
export type BegunFacts = Omit<AuditFacts, 'outcome'>;

/** What was removed from the old end. */
export interface Pruned {
  /** The last entry that was removed, and its hash, which the first that is left has as `previous`. */
  readonly through: number;
  readonly hash: string;
  /** The entry that says so. */
  readonly sequence: number;
}

/** An entry as it lies in the catalogue; without `entry` where it can't be read. */
export interface KeptEntry {
  /** Of the document, whatever the entry in it says; undefined where the id is none of the chain's. */
  readonly sequence: number | undefined;
  readonly entry?: AuditEntry;
  /** How often the document was written: once, where nobody but the chain did. */
  readonly version?: number;
}

/** Id of an entry's document: all of one length, so that they sort as numbers do. */
export function idOf(sequence: number): string {
  return String(sequence).padStart(DIGITS, '0');
}

function sequenceOf(id: string): number | undefined {
  const sequence = Number(id);
  return Number.isSafeInteger(sequence) && idOf(sequence) === id ? sequence : undefined;
}

/** One entry; undefined where there is none. */
export async function readEntry(catalogue: Catalogue, sequence: number): Promise<KeptEntry | undefined> {
  try {
    const stored = await catalogue.read<AuditEntry>(ENTRIES, idOf(sequence));
    return stored && { sequence, entry: stored.value, version: stored.version };
  } catch (error) {
    if (error instanceof CatalogueDamageError) return { sequence };
    throw error;
  }
}

/** Up to {@link PAGE} entries that come behind one, in order. */
export async function readPage(catalogue: Catalogue, after: number): Promise<readonly KeptEntry[]> {
  try {
    const stored = await catalogue.scan<AuditEntry>(ENTRIES, { after: idOf(after), limit: PAGE });
    return stored.map(({ id, version, value }) => ({ sequence: sequenceOf(id), entry: value, version }));
  } catch (error) {
    if (error instanceof CatalogueDamageError) return readOneByOne(catalogue, after);
    throw error;
  }
}

/** Every entry behind one, in order; page by page, so that others get their turn. */
export async function* readFrom(catalogue: Catalogue, after: number): AsyncGenerator<KeptEntry> {
  for (let last = after; ;) {
    const page = await readPage(catalogue, last);
    yield* page;
    await othersTurn();
    const known = page.findLast(({ sequence }) => sequence !== undefined)?.sequence;
    if (page.length === 0 || known === undefined || known <= last) return;
    last = known;
  }
}

/** One of them is damaged, and a scan doesn't say what else there is. */
async function readOneByOne(catalogue: Catalogue, after: number): Promise<readonly KeptEntry[]> {
  const found: KeptEntry[] = [];
  for (let sequence = after + 1; sequence <= after + PAGE; sequence += 1) {
    const kept = await readEntry(catalogue, sequence);
    if (kept) found.push(kept);
  }
  return found;
}

/** Where the chain was said to end by what appended to it last. */
export async function readHead(catalogue: Catalogue): Promise<ChainHead | undefined> {
  return (await catalogue.read<ChainHead>(STATE, HEAD))?.value;
}

/** What was removed so far; undefined where nothing was. */
export async function readPruned(catalogue: Catalogue): Promise<Pruned | undefined> {
  return (await catalogue.read<Pruned>(STATE, PRUNED))?.value;
}
