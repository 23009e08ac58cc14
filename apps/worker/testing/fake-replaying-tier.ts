import { formatEventId, type BlockId, type EventPlace } from '#event-model';
import type { NewReason, QuarantinedRow, RefusedLine, StreamSpec, TierBatch } from '#plugin-kit';
import { BAD, FakeTier, rowsOf, type FakeTables } from './fake-tier.js';

/** A tier in memory from whose quarantine events can leave. */
export class FakeReplayingTier extends FakeTier {
  /** @param receivedAt when a block was accepted: nanoseconds since the epoch */
  constructor(
    tables: FakeTables,
    private readonly receivedAt: (block: BlockId) => bigint,
  ) {
    super(tables);
  }

  async refusedLines(_stream: StreamSpec, places: readonly EventPlace[]): Promise<readonly RefusedLine[]> {
    this.reach('refusedLines');
    const wanted = idsOf(places);
    return this.tables.quarantined
      .filter(({ block, row }) => wanted.has(formatEventId(block, row)))
      .map(({ block, row, reason, line }) => ({
        ...{ block, row, reason, source: 'agent', parser: '' },
        ...{ receivedAt: this.receivedAt(block), raw: Buffer.from(line) },
      }));
  }

  async judge(batch: TierBatch): Promise<readonly QuarantinedRow[]> {
    this.reach('judge');
    const refused = rowsOf(batch).filter(({ line }) => line.startsWith(BAD));
    return refused.map(({ block, row }) => ({ block, row, reason: 'not_json' }));
  }

  async removeRefused(_stream: StreamSpec, places: readonly EventPlace[]): Promise<void> {
    this.reach('removeRefused');
    const gone = idsOf(places);
    const { quarantined } = this.tables;
    const kept = quarantined.filter(({ block, row }) => !gone.has(formatEventId(block, row)));
    quarantined.splice(0, quarantined.length, ...kept);
  }

  async renameRefused(_stream: StreamSpec, rows: readonly NewReason[]): Promise<void> {
    this.reach(`renameRefused ${rows.length}`);
  }
}

function idsOf(places: readonly EventPlace[]): ReadonlySet<string> {
  return new Set(places.map(({ block, row }) => formatEventId(block, row)));
}
