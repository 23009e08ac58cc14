import type { Catalogue, Change } from '#catalogue';
import type { BlockId } from '#event-model';
import { amendOutcome, type Amendment } from './amend-outcome.js';
import { isExceptional, toKept, type BlockOutcome, type KeptOutcome } from './block-outcome.js';

const COLLECTION = 'block-outcomes';
const PAGE = 1_000;
/** How long receipts can be answered in full: milliseconds. */
export const OUTCOME_LIFETIME_MS = 7 * 86_400_000;

/** Keeps, for 7 days, which rows of a block were quarantined, deduplicated or dropped. */
export class BlockOutcomes {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * What to write once a batch is stored, before its blocks are committed on the bus; nothing for blocks that were
   * stored whole. Each change replaces what is there, so a repeat after a crash is harmless.
   */
  changesFor(outcomes: readonly BlockOutcome[]): Change[] {
    const expiresAt = this.now() + OUTCOME_LIFETIME_MS;
    return outcomes
      .filter(isExceptional)
      .map((outcome) => ({ collection: COLLECTION, id: outcome.block, value: toKept(outcome, expiresAt) }));
  }

  /**
   * The change that says that rows of a block left quarantine, or stay there for another reason; undefined where the
   * block's outcome is forgotten. A repeat changes nothing.
   */
  async changeFor(block: BlockId, amendment: Amendment): Promise<Change | undefined> {
    const kept = await this.catalogue.read<KeptOutcome>(COLLECTION, block);
    return kept && { collection: COLLECTION, id: block, value: amendOutcome(kept.value, amendment) };
  }

  /** The outcomes of those blocks that have one. */
  async read(blocks: readonly BlockId[]): Promise<ReadonlyMap<BlockId, KeptOutcome>> {
    const found = new Map<BlockId, KeptOutcome>();
    for (const block of blocks) {
      const stored = await this.catalogue.read<KeptOutcome>(COLLECTION, block);
      if (stored) found.set(block, stored.value);
    }
    return found;
  }

  /**
   * Forgets outcomes that expired before `nowMs`; answers how many. Block ids rise with time, so it ends at the first
   * page that has nothing to forget.
   */
  async expire(nowMs: number): Promise<number> {
    for (let forgotten = 0, after = ''; ;) {
      const page = await this.catalogue.scan<KeptOutcome>(COLLECTION, { after, limit: PAGE });
      const expired = page.filter((stored) => stored.value.expires_at < nowMs);
      if (expired.length === 0) return forgotten;
      await this.catalogue.write(expired.map(({ id }) => ({ collection: COLLECTION, id, value: undefined })));
      forgotten += expired.length;
      after = page.at(-1)?.id ?? after;
    }
  }
}
