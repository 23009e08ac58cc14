import type { Catalogue, Change } from '#catalogue';
import { placeId, sumId, type LedgerPlace } from '../accounts/ledger-entry.js';
import { scanAll } from '../accounts/scan-all.js';

const COLLECTION = 'ledger-moves';

/** Places of a stream whose events are on their way from one table to another; ids as those of entries. */
interface OpenMove {
  readonly places: readonly string[];
}

/**
 * Says which places of the ledger are not to be compared with the tables for a while: their events leave quarantine, and
 * are counted anew when they have. Written by the stream's single writer, before and with its accounts.
 */
export class LedgerMoves {
  constructor(private readonly catalogue: Catalogue) {}

  open(tenant: string, stream: string, places: readonly Omit<LedgerPlace, 'stream'>[]): Change {
    const ids = new Set(places.map((place) => placeId(tenant, { ...place, stream })));
    const value: OpenMove = { places: [...ids] };
    return { collection: COLLECTION, id: sumId(tenant, stream), value };
  }

  close(tenant: string, stream: string): Change {
    return { collection: COLLECTION, id: sumId(tenant, stream), value: undefined };
  }

  /** Streams of the tenant that have a move under way, or left by a process that ended. */
  async streams(tenant: string): Promise<readonly string[]> {
    return (await this.#all(tenant)).map(({ id }) => id.slice(tenant.length + 1));
  }

  /** Places with a move under way. */
  async places(tenant: string): Promise<readonly string[]> {
    return (await this.#all(tenant)).flatMap(({ value }) => value.places);
  }

  #all(tenant: string) {
    return scanAll<OpenMove>(this.catalogue, COLLECTION, { prefix: `${tenant}/` });
  }
}
