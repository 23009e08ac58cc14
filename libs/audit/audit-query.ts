import type { Catalogue } from '#catalogue';
import { PAGE, readHead, readPage, readPruned, type KeptEntry } from './audit-documents.js';
import type { AuditEntry } from './audit-entry.js';

/** Which entries; all that is named must hold. */
export interface AuditQuery {
  /** Only entries of this tenant; absent: of all, and of the whole appliance. */
  readonly tenant?: string | undefined;
  /** RFC 3339 in UTC with nanoseconds, as entries have it: not before, and before. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Id or name of a key, `appliance`, `file` or `nobody`. */
  readonly actor?: string | undefined;
  /** `key.create`, or `key` for all that begin so. */
  readonly action?: string | undefined;
  readonly object?: string | undefined;
}

/** Where a page begins, and how long it may be. */
export interface AuditRange {
  /** Only entries before this one, for the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface AuditPage {
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
  /** What the next page comes before; undefined where there is none. */
  readonly next: number | undefined;
}

/** Entries that one page looks at; one that finds less than asked for in them is short. */
const MOST_LOOKED_AT = 10 * PAGE;
/** As many entries in a row before `from` end the list: a clock that was set back is not that far off. */
const OLD_ENOUGH = 1_000;

/** Lists entries, the newest first. */
export async function listEntries(
  catalogue: Catalogue,
  query: AuditQuery,
  range: AuditRange,
): Promise<AuditPage> {
  const oldest = (await readPruned(catalogue))?.through ?? 0;
  const entries: AuditEntry[] = [];
  let upper = range.before ?? ((await readHead(catalogue))?.sequence ?? 0) + 1;
  let old = 0;
  for (let looked = 0; upper > oldest + 1 && looked < MOST_LOOKED_AT; looked += PAGE) {
    const lower = Math.max(oldest, upper - 1 - PAGE);
    for (const entry of newestFirst(await readPage(catalogue, lower), upper)) {
      upper = entry.sequence;
      old = query.from !== undefined && entry.time < query.from ? old + 1 : 0;
      if (old === OLD_ENOUGH) return { entries, next: undefined };
      if (fits(entry, query)) entries.push(entry);
      if (entries.length === range.limit) return { entries, next: nextOf(upper, oldest) };
    }
    upper = lower + 1;
  }
  return { entries, next: nextOf(upper, oldest) };
}

function nextOf(upper: number, oldest: number): number | undefined {
  return upper > oldest + 1 ? upper : undefined;
}

/** Those that can be read; what is wrong with the others says the verification. */
function newestFirst(page: readonly KeptEntry[], upper: number): readonly AuditEntry[] {
  return page
    .flatMap(({ sequence, entry }) => (entry && sequence === entry.sequence ? [entry] : []))
    .filter(({ sequence }) => sequence < upper)
    .toReversed();
}

function fits(entry: AuditEntry, { tenant, from, to, actor, action, object }: AuditQuery): boolean {
  return (
    (tenant === undefined || entry.tenant === tenant) &&
    (from === undefined || entry.time >= from) &&
    (to === undefined || entry.time < to) &&
    (actor === undefined || isBy(entry, actor)) &&
    (action === undefined || entry.action === action || entry.action.startsWith(`${action}.`)) &&
    (object === undefined || entry.object === object)
  );
}

function isBy({ actor }: AuditEntry, asked: string): boolean {
  return actor.kind === 'key' ? actor.id === asked || actor.name === asked : actor.kind === asked;
}
