import { droppedBy, formatMinute, left, MINUTE_MS } from './ledger-entry.js';
import type { LedgerLine, MinuteRange } from './ledger-line.js';
import type { LedgerLines } from './ledger-lines.js';

/** A line as the API shows it; received = stored + quarantined + deduplicated + dropped + pending + residue. */
export interface LedgerRow {
  readonly source: string;
  readonly stream: string;
  /** RFC 3339; the last minute, where the row is of several. */
  readonly minute: string;
  /** RFC 3339; the first minute of a row of several: those older than 30 days are kept as one, which is shown whole. */
  readonly since?: string;
  readonly received: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly deduplicated: number;
  readonly dropped: number;
  /** The dropped ones by policy; absent where there are none. */
  readonly dropped_by?: Readonly<Record<string, number>>;
  /** Those of the stored ones that retention has removed since; absent where there are none. */
  readonly expired?: number;
  /** Those of the stored ones that only the archive has since; absent where there are none. */
  readonly archived?: number;
  readonly pending: number;
  /** Events that were acknowledged and are nowhere; below zero, events that are there too often. */
  readonly residue: number;
}

export interface LedgerReport {
  /** By minute, stream and source. */
  readonly rows: readonly LedgerRow[];
  /** RFC 3339; where rows of several minutes end and those of one begin. Absent where each row is of one. */
  readonly by_minute_since?: string;
  readonly residue: number;
}

/** What became of everything that was acknowledged, for people. */
export class Ledger {
  constructor(private readonly lines: Pick<LedgerLines, 'read'>) {}

  /** The tenant's account of the minutes in the range (default: all). What is kept as one row is shown whole. */
  async read(tenant: string, range: Partial<MinuteRange> = {}): Promise<LedgerReport> {
    const lines = await this.lines.read(tenant, { from: 0, to: Number.MAX_SAFE_INTEGER, ...range });
    const residue = lines.reduce((sum, line) => sum + line.residue, 0);
    return { rows: lines.sort(byPlace).map(toRow), ...byMinuteSince(lines), residue };
  }
}

function byMinuteSince(lines: readonly LedgerLine[]): Pick<LedgerReport, 'by_minute_since'> {
  const sums = lines.filter(({ from }) => from !== undefined).map(({ minute }) => minute);
  if (sums.length === 0) return {};
  return { by_minute_since: formatMinute(sums.reduce((a, b) => Math.max(a, b)) + MINUTE_MS) };
}

function byPlace(a: LedgerLine, b: LedgerLine): number {
  return a.minute - b.minute || compare(a.stream, b.stream) || compare(a.source, b.source);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function toRow(line: LedgerLine): LedgerRow {
  const { source, stream, minute, from, received, pending, residue } = line;
  const { stored, quarantined, deduplicated, dropped } = line;
  return {
    source,
    stream,
    minute: formatMinute(minute),
    ...(from === undefined ? {} : { since: formatMinute(from) }),
    ...{ received, stored, quarantined, deduplicated, dropped, pending, residue },
    ...droppedBy(line.dropped_by),
    ...left(line),
  };
}
