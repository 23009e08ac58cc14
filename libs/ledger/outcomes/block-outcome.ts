import type { BlockId } from '#event-model';
import { formatRows, type RowRanges } from './row-ranges.js';

/** What became of a block's rows, where not all of them were simply stored. */
export interface BlockOutcome {
  readonly block: BlockId;
  readonly tenant: string;
  readonly stream: string;
  readonly source: string;
  /** Start of the minute of acceptance: milliseconds since the epoch. */
  readonly receivedMinute: number;
  /** Events in the block. */
  readonly count: number;
  /** Index of the block's first row in its request; 0 where the request is in one block. */
  readonly offset: number;
  readonly quarantined: readonly { readonly row: number; readonly reason: string }[];
  /** Rows whose client id was known. */
  readonly deduplicated: readonly number[];
  /** Rows that policies left out, by their names. */
  readonly dropped: Readonly<Record<string, RowRanges>>;
  /** Where the rows stood in their request, where they were no neighbours; see `requestRows`. */
  readonly indexes?: string;
}

/** A block's outcome as it is kept: every row, as ranges, since several receipts share one block. */
export interface KeptOutcome {
  readonly tenant: string;
  readonly stream: string;
  readonly source: string;
  readonly received_minute: number;
  readonly count: number;
  readonly offset: number;
  /** By reason. */
  readonly quarantined: Readonly<Record<string, RowRanges>>;
  readonly deduplicated: RowRanges;
  /** By policy. */
  readonly dropped: Readonly<Record<string, RowRanges>>;
  readonly indexes?: string;
  /** Milliseconds since the epoch. */
  readonly expires_at: number;
}

/** Whether anything happened to the block that its receipts must tell. */
export function isExceptional(outcome: BlockOutcome): boolean {
  const { quarantined, deduplicated, dropped } = outcome;
  return quarantined.length + deduplicated.length + Object.keys(dropped).length > 0;
}

export function toKept(outcome: BlockOutcome, expiresAt: number): KeptOutcome {
  return {
    tenant: outcome.tenant,
    stream: outcome.stream,
    source: outcome.source,
    received_minute: outcome.receivedMinute,
    count: outcome.count,
    offset: outcome.offset,
    quarantined: rangesBy(outcome.quarantined.map(({ row, reason }) => [reason, row])),
    deduplicated: formatRows(outcome.deduplicated),
    dropped: outcome.dropped,
    ...(outcome.indexes !== undefined && { indexes: outcome.indexes }),
    expires_at: expiresAt,
  };
}

function rangesBy(rows: readonly (readonly [string, number])[]): Record<string, RowRanges> {
  const groups = new Map<string, number[]>();
  for (const [name, row] of rows) {
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return Object.fromEntries([...groups].map(([name, group]) => [name, formatRows(group)]));
}
