import type { EventPlace } from '#event-model';
import type { MovedCounts, QuarantineActionKind } from '#ledger';

/** Refused events of one stream that are to leave quarantine together. */
export interface MoveOrder {
  /** The action that they belong to. */
  readonly action: string;
  readonly kind: QuarantineActionKind;
  /** Parser of a replay; absent: the one that each line had, or none for what came as JSON. */
  readonly parser?: string;
  /** Those that are no longer in quarantine are passed over. */
  readonly places: readonly EventPlace[];
}

/** What became of an order's events. */
export interface MoveReport extends MovedCounts {
  /** Events that were refused again. */
  readonly refused: number;
}

export const NOTHING_MOVED: MoveReport = { stored: 0, deduplicated: 0, dropped: 0, refused: 0 };

/** The policies under which events that leave without being stored are counted as dropped. */
const DROPPED_BY = { resolve: 'resolved', expire: 'quarantine_retention' } as const;

/** The policy that drops the events of such an order; undefined where they go their way again. */
export function dropPolicyOf(kind: QuarantineActionKind): string | undefined {
  return kind === 'replay' ? undefined : DROPPED_BY[kind];
}
