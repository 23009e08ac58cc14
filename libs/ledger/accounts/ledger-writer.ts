import type { Catalogue, Change } from '#catalogue';
import {
  addVerdicts,
  ENTRIES,
  NO_VERDICTS,
  NOTHING_FOLDED,
  placeId,
  SUMS,
  sumId,
  type LedgerCount,
  type LedgerEntry,
  type Verdicts,
} from './ledger-entry.js';

/** One document to add a batch's numbers to. */
interface Posting {
  readonly collection: string;
  readonly id: string;
  readonly verdicts: Verdicts;
}

/**
 * Adds a batch's verdicts to the ledger, exactly once. The stream's single writer calls it, batch after batch: a batch
 * that is repeated after a crash finds its id in the documents that it already reached and changes only the others.
 */
export class LedgerWriter {
  constructor(private readonly catalogue: Catalogue) {}

  /**
   * The changes that add a batch. To be written after its rows are stored and before its blocks are committed on the
   * bus. A `conflict` means that another process writes the stream: stop, as one that was fenced.
   *
   * @param batchId the same for every repeat of the batch, never used for another
   * @param foldedThrough minutes up to this one go to late entries, beside the totals that their minutes are in; the
   * same for every repeat (milliseconds since the epoch)
   */
  async changesFor(
    batchId: string,
    counts: readonly LedgerCount[],
    foldedThrough = NOTHING_FOLDED,
  ): Promise<Change[]> {
    const changes: Change[] = [];
    for (const posting of postingsOf(counts, foldedThrough)) {
      const kept = await this.catalogue.read<LedgerEntry>(posting.collection, posting.id);
      if (kept?.value.batch === batchId) continue;
      const value = { ...addVerdicts(kept?.value ?? NO_VERDICTS, posting.verdicts), batch: batchId };
      changes.push({
        collection: posting.collection,
        id: posting.id,
        value,
        ifVersion: kept?.version ?? 0,
      });
    }
    return changes;
  }
}

/** Entries first, sums last: a sum that has the batch has its entries too. */
function postingsOf(counts: readonly LedgerCount[], foldedThrough: number): Posting[] {
  const placeOf = (count: LedgerCount): string =>
    placeId(count.tenant, count.minute > foldedThrough ? count : { ...count, minute: undefined });
  return [
    ...group(ENTRIES, counts, placeOf),
    ...group(SUMS, counts, (count) => sumId(count.tenant, count.stream)),
  ];
}

function group(
  collection: string,
  counts: readonly LedgerCount[],
  idOf: (count: LedgerCount) => string,
): Posting[] {
  const verdicts = new Map<string, Verdicts>();
  for (const count of counts) {
    const id = idOf(count);
    verdicts.set(id, addVerdicts(verdicts.get(id) ?? NO_VERDICTS, count));
  }
  return [...verdicts].map(([id, sum]) => ({ collection, id, verdicts: sum }));
}
