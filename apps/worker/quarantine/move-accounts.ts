import type { Change } from '#catalogue';
import { parseBlockId, type EventPlace } from '#event-model';
import type { BlockOutcomes, LedgerCount, LedgerMoves, LedgerWriter, QuarantineActions } from '#ledger';
import type { NewReason, StreamSpec } from '#plugin-kit';
import { dropPolicyOf, type MoveReport } from './move-order.js';
import type { MovedBlock, QuarantineMove } from './quarantine-move.js';

export interface AccountBooks {
  readonly outcomes: Pick<BlockOutcomes, 'changeFor'>;
  readonly ledger: LedgerWriter;
  readonly moves: LedgerMoves;
  readonly actions: Pick<QuarantineActions, 'changeFor'>;
}

/** Where the rows of one block are now. */
export interface BlockVerdict extends MovedBlock {
  readonly stored: readonly number[];
  /** Neither in the table nor in quarantine any more. */
  readonly gone: readonly number[];
  readonly refused: readonly NewReason[];
}

/** A move whose tables are settled. */
export interface SettledMove {
  readonly stream: StreamSpec;
  readonly batch: string;
  readonly move: QuarantineMove;
  readonly verdicts: readonly BlockVerdict[];
}

/** What to write once the tables are settled, before the state says so: receipts, ledger, the action's own numbers. */
export async function changesFor(books: AccountBooks, settled: SettledMove): Promise<readonly Change[]> {
  const { stream, batch, move, verdicts } = settled;
  const outcomes: Change[] = [];
  for (const verdict of verdicts) {
    const change = await outcomeChange(books, move, verdict);
    if (change) outcomes.push(change);
  }
  const ledger = await books.ledger.changesFor(
    batch,
    verdicts.map((verdict) => countOf(stream, move, verdict)),
    move.foldedThrough,
  );
  const action = { tenant: stream.tenant, id: move.action };
  const total = await books.actions.changeFor(action, batch, reportOf(settled));
  return [...outcomes, ...ledger, ...(total ? [total] : []), books.moves.close(stream.tenant, stream.name)];
}

/** The events by what became of them. */
export function reportOf({ move, verdicts }: Pick<SettledMove, 'move' | 'verdicts'>): MoveReport {
  const sum = (of: (verdict: BlockVerdict) => readonly unknown[]): number =>
    verdicts.reduce((total, verdict) => total + of(verdict).length, 0);
  const gone = sum((verdict) => verdict.gone);
  return {
    stored: sum((verdict) => verdict.stored),
    refused: sum((verdict) => verdict.refused),
    deduplicated: move.kind === 'replay' ? gone : 0,
    dropped: move.kind === 'replay' ? 0 : gone,
  };
}

/** Every event that leaves quarantine is counted somewhere else. */
function countOf({ tenant, name }: StreamSpec, move: QuarantineMove, verdict: BlockVerdict): LedgerCount {
  const { stored, deduplicated, dropped } = reportOf({ move, verdicts: [verdict] });
  const { source, minute } = verdict;
  const quarantined = -(stored + deduplicated + dropped);
  const policy = dropPolicyOf(move.kind);
  return {
    ...{ tenant, stream: name, source, minute, stored, quarantined, deduplicated, dropped },
    ...(dropped > 0 && policy !== undefined && { dropped_by: { [policy]: dropped } }),
  };
}

async function outcomeChange(
  { outcomes }: AccountBooks,
  { kind }: QuarantineMove,
  { block, stored, gone, refused }: BlockVerdict,
): Promise<Change | undefined> {
  const id = parseBlockId(block);
  if (!id) return undefined;
  const policy = dropPolicyOf(kind);
  return outcomes.changeFor(id, {
    stored,
    deduplicated: kind === 'replay' ? gone : [],
    dropped: { policy: policy ?? '', rows: policy === undefined ? [] : gone },
    refused,
  });
}

/** A set of places. */
export class Places {
  readonly #ids: ReadonlySet<string>;

  constructor(places: readonly EventPlace[]) {
    this.#ids = new Set(places.map(({ block, row }) => `${block}-${row}`));
  }

  has({ block, row }: EventPlace): boolean {
    return this.#ids.has(`${block}-${row}`);
  }
}
