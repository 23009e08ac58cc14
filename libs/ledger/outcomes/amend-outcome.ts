import type { KeptOutcome } from './block-outcome.js';
import { formatRows, rowsOf, type RowRanges } from './row-ranges.js';

/** What became of rows of a block that were in quarantine. */
export interface Amendment {
  /** Rows that are stored now. */
  readonly stored: readonly number[];
  /** Rows that left because another event has their client id. */
  readonly deduplicated: readonly number[];
  /** Rows that left by a policy. */
  readonly dropped: { readonly policy: string; readonly rows: readonly number[] };
  /** Rows that stay, for this reason. */
  readonly refused: readonly { readonly row: number; readonly reason: string }[];
}

/** The outcome with the rows where they are now. */
export function amendOutcome(kept: KeptOutcome, amendment: Amendment): KeptOutcome {
  const { stored, deduplicated, dropped, refused } = amendment;
  const moved = new Set([...stored, ...deduplicated, ...dropped.rows, ...refused.map(({ row }) => row)]);
  const quarantined = new Map(
    Object.entries(kept.quarantined).map(([reason, rows]) => [
      reason,
      rowsOf(rows).filter((row) => !moved.has(row)),
    ]),
  );
  for (const { row, reason } of refused) quarantined.set(reason, [...(quarantined.get(reason) ?? []), row]);
  return {
    ...kept,
    quarantined: textOf(quarantined),
    deduplicated: formatRows([...rowsOf(kept.deduplicated), ...deduplicated]),
    dropped: withDropped(kept.dropped, dropped),
  };
}

function withDropped(
  kept: KeptOutcome['dropped'],
  { policy, rows }: Amendment['dropped'],
): KeptOutcome['dropped'] {
  const all = new Map(Object.entries(kept).map(([name, ranges]) => [name, rowsOf(ranges)]));
  all.set(policy, [...(all.get(policy) ?? []), ...rows]);
  return textOf(all);
}

function textOf(groups: ReadonlyMap<string, readonly number[]>): Record<string, RowRanges> {
  const full = [...groups].filter(([, rows]) => rows.length > 0);
  return Object.fromEntries(full.map(([name, rows]) => [name, formatRows(rows)]));
}
