import { randomUUID } from 'node:crypto';
import { formatEventId, type BlockId, type EventPlace } from '#event-model';
import type { NewReason, PresentRows, StreamSpec } from '#plugin-kit';
import type { CopiesDue, ReplayingTier } from '#storage-tier';
import type { BatchScope } from '../writers/batch-writer.js';
import {
  changesFor,
  Places,
  reportOf,
  type AccountBooks,
  type BlockVerdict,
  type SettledMove,
} from './move-accounts.js';
import { dropPolicyOf, NOTHING_MOVED, type MoveOrder, type MoveReport } from './move-order.js';
import { moveOf, placesIn, type MovedBlock, type QuarantineMove } from './quarantine-move.js';
import type { Replayer } from './replayer.js';

export interface MoverParts extends AccountBooks {
  readonly tier: () => ReplayingTier;
  readonly replayer: Pick<Replayer, 'replay'>;
  /** What is to be copied into the other store. */
  readonly due: Pick<CopiesDue, 'changesFor'>;
  readonly reach: (faultPoint: string) => void;
}

/** What is known of a move's events that the tables can't say by themselves. */
interface Findings {
  /** Are to leave without being stored. */
  readonly leaving: readonly EventPlace[];
  readonly refused: readonly NewReason[];
  /** Those of the refused whose reason or parser is another one now. */
  readonly renamed: readonly NewReason[];
}

const NO_FINDINGS: Findings = { leaving: [], refused: [], renamed: [] };

/**
 * Takes events out of quarantine exactly once, as the stream's writer between two of its batches: BEFORE → insert what
 * passes → take out of quarantine what is stored → AFTER, with the accounts. A row is in the table before it leaves
 * quarantine, so none is ever nowhere. What was under way when the process ended is not tried again but settled by what
 * the tables say: rows that are stored leave quarantine, all others stay for the next order.
 */
export class QuarantineMover {
  constructor(private readonly parts: MoverParts) {}

  /** Carries an order out. After an error the state says whether something is left to {@link settle}. */
  async run(order: MoveOrder, stream: StreamSpec, scope: BatchScope): Promise<MoveReport> {
    const { tier, moves, reach } = this.parts;
    scope.signal.throwIfAborted();
    const lines = await tier().refusedLines(stream, order.places);
    if (lines.length === 0) return NOTHING_MOVED;
    const move = moveOf(order, lines);
    reach('quarantine.before-state');
    const open = moves.open(stream.tenant, stream.name, move.blocks);
    await scope.state.beforeMove(randomUUID(), move, [open]);
    reach('quarantine.after-state');
    const present = await this.#present(stream, move);
    const inTable = new Places(storedOf(present));
    const task = { stream, lines: lines.filter((line) => !inTable.has(line)), parser: order.parser };
    const findings =
      dropPolicyOf(order.kind) === undefined ? await this.#replay(task) : { ...NO_FINDINGS, leaving: lines };
    reach('quarantine.after-insert');
    return this.#finish(stream, scope, findings);
  }

  /** Brings what was under way to its end by what the tables say. */
  async settle(stream: StreamSpec, scope: BatchScope): Promise<void> {
    const { move } = scope.state.state ?? {};
    if (!move) return;
    await this.#mendRollUps(stream, move);
    await this.#finish(stream, scope, NO_FINDINGS);
  }

  async #replay(task: Parameters<Replayer['replay']>[0]): Promise<Findings> {
    if (task.lines.length === 0) return NO_FINDINGS;
    const { deduplicated, refused } = await this.parts.replayer.replay(task);
    const before = new Map(task.lines.map((line) => [formatEventId(line.block, line.row), line]));
    const renamed = refused.filter(({ block, row, reason, parser }) => {
      const line = before.get(formatEventId(block, row));
      return line?.reason !== reason || line.parser !== parser;
    });
    return { leaving: deduplicated, refused, renamed };
  }

  async #finish(stream: StreamSpec, scope: BatchScope, findings: Findings): Promise<MoveReport> {
    const { batch, move } = scope.state.state ?? {};
    if (batch === undefined || !move) return NOTHING_MOVED;
    const { tier, reach } = this.parts;
    const stored = storedOf(await this.#present(stream, move));
    await tier().removeRefused(stream, among(move, [...stored, ...findings.leaving]));
    reach('quarantine.after-removal');
    await tier().renameRefused(stream, findings.renamed);
    const present = await this.#present(stream, move);
    const verdicts = move.blocks.map((block) => verdictOf(block, present, findings.refused));
    await this.#placeAccounts(stream, scope);
    const settled: SettledMove = { stream, batch, move: scope.state.state?.move ?? move, verdicts };
    reach('quarantine.before-account');
    const due = this.parts.due.changesFor(stream, batch, idsOf(move.blocks));
    await scope.state.after([...(await changesFor(this.parts, settled)), ...due]);
    reach('quarantine.after-account');
    return reportOf(settled);
  }

  /** Decides once, durably, which of the accounts go beside totals; the fold sees the open move from before on. */
  async #placeAccounts({ tenant }: StreamSpec, { state }: BatchScope): Promise<void> {
    const { batch, move } = state.state ?? {};
    if (batch === undefined || !move || move.foldedThrough !== undefined) return;
    const foldedThrough = await this.parts.moves.foldedThrough(tenant);
    await state.beforeMove(batch, { ...move, foldedThrough }, []);
  }

  #present(stream: StreamSpec, { blocks }: QuarantineMove): Promise<readonly PresentRows[]> {
    return this.parts.tier().present(stream, idsOf(blocks));
  }

  /** An insert that was broken off may have left them behind. */
  async #mendRollUps(stream: StreamSpec, { blocks }: QuarantineMove): Promise<void> {
    const tier = this.parts.tier();
    const days = new Set(await tier.daysOf(stream, idsOf(blocks)));
    for (const day of await tier.checkRollUps(stream))
      if (days.has(day)) await tier.rebuildRollUps(stream, day);
  }
}

function idsOf(blocks: readonly MovedBlock[]): BlockId[] {
  return blocks.flatMap((block) => placesIn(block).slice(0, 1)).map(({ block }) => block);
}

function storedOf(present: readonly PresentRows[]): EventPlace[] {
  return present.flatMap(({ block, stored }) => stored.map((row) => ({ block, row })));
}

/** Those of the places that the move is about. */
function among({ blocks }: QuarantineMove, places: readonly EventPlace[]): EventPlace[] {
  const moved = new Places(blocks.flatMap(placesIn));
  return places.filter((place) => moved.has(place));
}

function verdictOf(
  moved: MovedBlock,
  present: readonly PresentRows[],
  refused: readonly NewReason[],
): BlockVerdict {
  const found = present.find(({ block }) => block === moved.block);
  const stored = new Set(found?.stored);
  const waiting = new Set(found?.quarantined.map(({ row }) => row));
  const rows = placesIn(moved).map(({ row }) => row);
  return {
    ...moved,
    stored: rows.filter((row) => stored.has(row)),
    gone: rows.filter((row) => !stored.has(row) && !waiting.has(row)),
    refused: refused.filter(({ block, row }) => block === moved.block && waiting.has(row)),
  };
}
