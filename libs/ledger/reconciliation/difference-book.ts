import type { Catalogue, Change, Stored } from '#catalogue';
import { DIFFERENCES, parsePlaceId, type LedgerDifference } from '../accounts/ledger-entry.js';
import { scanAll } from '../accounts/scan-all.js';

/** What is counted in the tables and compared with the ledger. */
export type Counted = keyof LedgerDifference;

const NONE: LedgerDifference = { stored: 0, quarantined: 0 };

/** The differences between ledger and tables that are known, of one tenant. */
export class DifferenceBook {
  private constructor(
    private readonly catalogue: Catalogue,
    private readonly known: ReadonlyMap<string, Stored<LedgerDifference>>,
  ) {}

  static async open(catalogue: Catalogue, tenant: string): Promise<DifferenceBook> {
    const known = await scanAll<LedgerDifference>(catalogue, DIFFERENCES, { prefix: `${tenant}/` });
    return new DifferenceBook(catalogue, new Map(known.map((stored) => [stored.id, stored])));
  }

  /** Events known to be missing; of one stream, where it is named. */
  sum(counted: Counted, stream?: string): number {
    return [...this.known]
      .filter(([id]) => stream === undefined || parsePlaceId(id).stream === stream)
      .reduce((sum, [, { value }]) => sum + value[counted], 0);
  }

  /** Records what is missing now at these places, and forgets what is no longer. Answers how many records changed. */
  async record(counted: Counted, missing: ReadonlyMap<string, number>): Promise<number> {
    const changes = [...missing].flatMap(([id, events]) => this.#change(id, { [counted]: events }));
    await this.catalogue.write(changes);
    return changes.length;
  }

  #change(id: string, patch: Partial<LedgerDifference>): Change[] {
    const known = this.known.get(id);
    const before = known?.value ?? NONE;
    const after = { ...before, ...patch };
    if (after.stored === before.stored && after.quarantined === before.quarantined) return [];
    const value = after.stored === 0 && after.quarantined === 0 ? undefined : after;
    // On a conflict another scheduler was faster; the next turn compares again.
    return [{ collection: DIFFERENCES, id, value, ifVersion: known?.version ?? 0 }];
  }
}
