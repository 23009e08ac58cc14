import { randomUUID } from 'node:crypto';
import type { EventPlace } from '#event-model';
import { TierError, type ClaimIds, type InsertReport, type PresentRows, type TierBatch } from '#plugin-kit';
import type { PrimaryTier } from '#storage-tier';

/** Asks before it says again: how an insert whose end isn't known is finished without a loss or a double. */
export class InsertProtocol {
  constructor(private readonly tier: PrimaryTier) {}

  /** Stores a fresh batch: nothing of it was tried before. `claim` as the tier's `insert` has it. */
  async insert(batch: TierBatch, claim?: ClaimIds): Promise<InsertReport> {
    try {
      return await this.tier.insert(batch, claim);
    } catch (error) {
      if (isData(error)) return this.settle(batch, claim);
      throw error;
    }
  }

  /**
   * Finishes a batch that may have been stored, wholly or in part: reads back what is there, inserts what is missing
   * under a new token, puts right the roll-ups of the days it touched, and reports what is there then.
   */
  async settle(batch: TierBatch, claim?: ClaimIds): Promise<InsertReport> {
    const known = claim ? await claim(await this.tier.clientIds(batch)) : [];
    await this.#complete({ ...batch, skip: [...batch.skip, ...known] });
    await this.#mendRollUps(batch);
    const present = await this.#present(batch);
    return {
      stored: present.reduce((sum, { stored }) => sum + stored.length, 0),
      quarantined: present.flatMap(({ quarantined }) => quarantined),
    };
  }

  /** Views refuse rows, not inserts; should the engine refuse one all the same, it alone goes to quarantine. */
  async #complete(batch: TierBatch): Promise<void> {
    const there = placesOf(await this.#present(batch));
    const missing = { ...batch, token: `${batch.token}-${randomUUID()}`, skip: [...batch.skip, ...there] };
    const rows = rowsLeft(missing);
    if (rows.length === 0) return;
    try {
      await this.tier.insert(missing);
    } catch (error) {
      if (isExhausted(error) && batch.blocks.length > 1) return this.#halveBlocks(batch);
      if (!isData(error)) throw error;
      if (rows.length === 1) await this.tier.refuse(missing, `engine:${error.code}`);
      else await this.#halve(batch, rows);
    }
  }

  async #halve(batch: TierBatch, rows: readonly EventPlace[]): Promise<void> {
    const half = Math.ceil(rows.length / 2);
    for (const other of [rows.slice(half), rows.slice(0, half)])
      await this.#complete({ ...batch, skip: [...batch.skip, ...other] });
  }

  /** Where the engine's memory doesn't do for all, it may for half: otherwise the batch would be tried for ever. */
  async #halveBlocks(batch: TierBatch): Promise<void> {
    const half = Math.ceil(batch.blocks.length / 2);
    for (const blocks of [batch.blocks.slice(0, half), batch.blocks.slice(half)])
      await this.#complete({ ...batch, blocks });
  }

  #present({ stream, blocks }: TierBatch): Promise<readonly PresentRows[]> {
    return this.tier.present(
      stream,
      blocks.map(({ header }) => header.id),
    );
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

function isData(error: unknown): error is TierError {
  return error instanceof TierError && error.failure === 'data';
}

function isExhausted(error: unknown): boolean {
  return error instanceof TierError && error.exhausted;
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
