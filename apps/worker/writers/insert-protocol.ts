import { randomUUID } from 'node:crypto';
import type { EventPlace } from '#event-model';
import { TierError, type InsertReport, type PresentRows, type TierBatch } from '#plugin-kit';
import type { PrimaryTier } from '#storage-tier';

/** Asks before it says again: how an insert whose end isn't known is finished without a loss or a double. */
export class InsertProtocol {
  constructor(private readonly tier: PrimaryTier) {}

  /** Stores a fresh batch: nothing of it was tried before. */
  async insert(batch: TierBatch): Promise<InsertReport> {
    try {
      return await this.tier.insert(batch);
    } catch (error) {
      if (error instanceof TierError && error.failure === 'data') return this.#bisect(batch, error);
      throw error;
    }
  }

  /**
   * Finishes a batch that may have been stored, wholly or in part: reads back what is there, inserts what is missing
   * under a new token, and puts right the roll-ups of the days it touched.
   */
  async settle(batch: TierBatch): Promise<InsertReport> {
    const ids = batch.blocks.map(({ header }) => header.id);
    const present = await this.tier.present(batch.stream, ids);
    const there = placesOf(present);
    const missing = { ...batch, token: `${batch.token}-${randomUUID()}`, skip: [...batch.skip, ...there] };
    const added = await this.insert(missing);
    await this.#mendRollUps(batch);
    return {
      stored: added.stored + present.reduce((sum, { stored }) => sum + stored.length, 0),
      quarantined: [...present.flatMap(({ quarantined }) => quarantined), ...added.quarantined],
    };
  }

  /** Views refuse rows, not inserts; should the engine refuse one all the same, it alone goes to quarantine. */
  async #bisect(batch: TierBatch, error: TierError): Promise<InsertReport> {
    const rows = rowsLeft(batch);
    if (rows.length <= 1) return this.tier.refuse(batch, `engine:${error.code}`);
    const half = Math.ceil(rows.length / 2);
    for (const skipped of [rows.slice(half), rows.slice(0, half)])
      await this.settle({ ...batch, skip: [...batch.skip, ...skipped] });
    return this.settle(batch);
  }

  async #mendRollUps({ stream, blocks }: TierBatch): Promise<void> {
    const days = new Set(
      await this.tier.daysOf(
        stream,
        blocks.map(({ header }) => header.id),
      ),
    );
    for (const day of await this.tier.checkRollUps(stream))
      if (days.has(day)) await this.tier.rebuildRollUps(stream, day);
  }
}

function placesOf(present: readonly PresentRows[]): EventPlace[] {
  return present.flatMap(({ block, stored, quarantined }) => [
    ...stored.map((row) => ({ block, row })),
    ...quarantined.map(({ row }) => ({ block, row })),
  ]);
}

function rowsLeft(batch: TierBatch): EventPlace[] {
  const skipped = new Set(batch.skip.map(({ block, row }) => `${block}-${row}`));
  return batch.blocks.flatMap(({ header }) =>
    Array.from({ length: header.count }, (_, row) => ({ block: header.id, row })).filter(
      ({ block, row }) => !skipped.has(`${block}-${row}`),
    ),
  );
}
