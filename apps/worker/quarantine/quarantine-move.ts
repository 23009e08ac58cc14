import { parseBlockId, type EventPlace } from '#event-model';
import { formatRows, minuteOf, rowsOf, type QuarantineActionKind, type RowRanges } from '#ledger';
import type { RefusedLine } from '#plugin-kit';
import type { MoveOrder } from './move-order.js';

/** Rows of one block that leave quarantine, with where the ledger counts them. */
export interface MovedBlock {
  readonly block: string;
  readonly source: string;
  /** Start of the minute of acceptance: milliseconds since the epoch. */
  readonly minute: number;
  readonly rows: RowRanges;
}

/** What is under way, as the state of the stream's writer keeps it. */
export interface QuarantineMove {
  readonly action: string;
  readonly kind: QuarantineActionKind;
  readonly blocks: readonly MovedBlock[];
  /**
   * The last minute (milliseconds since the epoch) that the ledger keeps in totals, as it was when the accounts were about
   * to be written for the first time: every repeat writes them to the same places. Absent before.
   */
  readonly foldedThrough?: number;
}

/** The move of an order's lines. */
export function moveOf({ action, kind }: MoveOrder, lines: readonly RefusedLine[]): QuarantineMove {
  const blocks = new Map<string, RefusedLine[]>();
  for (const line of lines) blocks.set(line.block, [...(blocks.get(line.block) ?? []), line]);
  const moved = [...blocks].flatMap(([block, [first, ...rest]]): MovedBlock[] =>
    first
      ? [
          {
            block,
            source: first.source,
            minute: minuteOf(first.receivedAt),
            rows: formatRows([first, ...rest].map(({ row }) => row)),
          },
        ]
      : [],
  );
  return { action, kind, blocks: moved };
}

/** Every place of a block's rows. */
export function placesIn({ block, rows }: MovedBlock): readonly EventPlace[] {
  const id = parseBlockId(block);
  return id ? rowsOf(rows).map((row) => ({ block: id, row })) : [];
}
