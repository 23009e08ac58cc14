import { formatTimestamp } from '#event-model';

/** Milliseconds. */
export const MINUTE_MS = 60_000;

/** What became of events, by verdict. */
export interface Verdicts {
  readonly stored: number;
  readonly quarantined: number;
  readonly deduplicated: number;
  readonly dropped: number;
  /** The dropped ones by policy; absent where there are none. */
  readonly dropped_by?: PolicyCounts;
  /** Those of the stored ones that retention has removed since; absent where there are none. */
  readonly expired?: number;
  /** Those of the stored ones that only the archive has since; absent where there are none. */
  readonly archived?: number;
}

/** Events by the policy that left them out. */
export type PolicyCounts = Readonly<Record<string, number>>;

/** Verdicts of one batch for one source and one minute of acceptance. */
export interface LedgerCount extends Verdicts {
  readonly tenant: string;
  readonly stream: string;
  readonly source: string;
  /** Start of the minute: milliseconds since the epoch. */
  readonly minute: number;
}

/** What is kept under a source and minute, and the sum of a stream: running numbers and the last batch in them. */
export interface LedgerEntry extends Verdicts {
  readonly batch: string;
}

/** Minutes too old to be kept one by one, as one record for each stream and source. */
export interface LedgerTotal extends Verdicts {
  readonly received: number;
  /** First and last minute in it: milliseconds since the epoch. */
  readonly from: number;
  readonly through: number;
}

/** How far a tenant's minutes are folded into totals, or are about to be. */
export interface LedgerFold {
  /** The last such minute: milliseconds since the epoch. */
  readonly through: number;
}

/** Events that the ledger counts and the tables don't have; below zero where the tables have more. */
export interface LedgerDifference {
  readonly stored: number;
  readonly quarantined: number;
}

/** Collections of the catalogue. The worker alone writes entries and sums, the scheduler alone the others. */
export const ENTRIES = 'ledger';
export const SUMS = 'ledger-sums';
export const TOTALS = 'ledger-totals';
export const FOLDS = 'ledger-folds';
export const DIFFERENCES = 'ledger-differences';

export const NO_VERDICTS: Verdicts = { stored: 0, quarantined: 0, deduplicated: 0, dropped: 0 };

/** Where an entry, or the total of a source, belongs. */
export interface LedgerPlace {
  readonly stream: string;
  readonly source: string;
  /** Milliseconds since the epoch; undefined for a total. */
  readonly minute: number | undefined;
}

const TOTAL = 'total';

/** The last folded minute of a ledger that was never folded. */
export const NOTHING_FOLDED = -1;

/** Start of the minute of a time in nanoseconds: milliseconds since the epoch. */
export function minuteOf(ns: bigint): number {
  return Number(ns / 60_000_000_000n) * MINUTE_MS;
}

/** The minute as ids sort it: eight digits of minutes since the epoch, the year 2160 at most. */
export function minuteText(minute: number): string {
  const minutes = Math.min(Math.max(Math.floor(minute / MINUTE_MS), 0), 99_999_999);
  return String(minutes).padStart(8, '0');
}

/** RFC 3339. */
export function formatMinute(minute: number): string {
  return formatTimestamp(BigInt(minute) * 1_000_000n);
}

/** Id of an entry, and of the difference found there: `<tenant>/<minute>/<stream>/<source>`. */
export function placeId(tenant: string, place: LedgerPlace): string {
  const minute = place.minute === undefined ? TOTAL : minuteText(place.minute);
  return `${tenant}/${minute}/${place.stream}/${place.source}`;
}

/** What the ids of a tenant's late entries begin with: numbers of minutes that were folded before they came. */
export function latePrefix(tenant: string): string {
  return `${tenant}/${TOTAL}/`;
}

/** Reads what {@link placeId} wrote. */
export function parsePlaceId(id: string): LedgerPlace {
  const [, minute = '', stream = '', source = ''] = id.split('/');
  return { stream, source, minute: minute === TOTAL ? undefined : Number(minute) * MINUTE_MS };
}

/** Id of a stream's sum: `<tenant>/<stream>`. */
export function sumId(tenant: string, stream: string): string {
  return `${tenant}/${stream}`;
}

/** Id of a source's total: `<tenant>/<stream>/<source>`. */
export function totalId(tenant: string, place: Pick<LedgerPlace, 'stream' | 'source'>): string {
  return `${tenant}/${place.stream}/${place.source}`;
}

export function addVerdicts(a: Verdicts, b: Verdicts): Verdicts {
  return {
    stored: a.stored + b.stored,
    quarantined: a.quarantined + b.quarantined,
    deduplicated: a.deduplicated + b.deduplicated,
    dropped: a.dropped + b.dropped,
    ...droppedBy(addPolicies(a.dropped_by, b.dropped_by)),
    ...left(leftTogether(a, b)),
  };
}

/** Events that were stored and have left the tables. */
export type LeftEvents = Pick<Verdicts, 'expired' | 'archived'>;

/** The members of verdicts that tell what has left the tables. */
export function left({ expired = 0, archived = 0 }: LeftEvents): LeftEvents {
  return { ...(expired > 0 && { expired }), ...(archived > 0 && { archived }) };
}

function leftTogether(a: LeftEvents, b: LeftEvents): LeftEvents {
  return {
    expired: (a.expired ?? 0) + (b.expired ?? 0),
    archived: (a.archived ?? 0) + (b.archived ?? 0),
  };
}

/** The member of verdicts that tells of policies. */
export function droppedBy(counts: PolicyCounts | undefined): Pick<Verdicts, 'dropped_by'> {
  return counts && Object.keys(counts).length > 0 ? { dropped_by: counts } : {};
}

function addPolicies(a: PolicyCounts | undefined, b: PolicyCounts | undefined): PolicyCounts | undefined {
  if (!a || !b) return a ?? b;
  const sums = new Map(Object.entries(a));
  for (const [policy, events] of Object.entries(b)) sums.set(policy, (sums.get(policy) ?? 0) + events);
  return Object.fromEntries(sums);
}

/** Events that have any verdict. */
export function verdictSum(verdicts: Verdicts): number {
  return verdicts.stored + verdicts.quarantined + verdicts.deduplicated + verdicts.dropped;
}
