import type { Catalogue, Change } from '#catalogue';
import {
  FOLDS,
  NOTHING_FOLDED,
  parsePlaceId,
  placeId,
  sumId,
  type LedgerFold,
  type LedgerPlace,
} from '../accounts/ledger-entry.js';
import { scanAll } from '../accounts/scan-all.js';

const COLLECTION = 'ledger-moves';

/** Places of a stream whose events are on their way from one table to another; ids as those of entries. */
interface OpenMove {
  readonly places: readonly string[];
  /** Where all places of the stream are meant, the oldest minute with an event of the move: milliseconds since the epoch. */
  readonly oldest?: number;
}

/** Of a stream's removal; no stream's name has a slash. */
const LEAVING = '/leaving';

/**
 * Says which places of the ledger are not to be compared with the tables for a while: their events leave quarantine, or
 * the stream, and are counted anew when they have. Written by the stream's single writer, or while that rests, before and
 * with its accounts.
 *
 * It also keeps moves and the fold of old minutes apart, without either waiting for the other: a move is opened first
 * and asks then how far the fold goes; the fold says first how far it goes and looks for open moves then. So at least
 * one of them knows of the other: the fold leaves an open move's minutes alone, or the move counts beside the totals.
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

  /** Opens the removal of a stream's events, the first of which was accepted in this minute. */
  openRemoval(tenant: string, stream: string, oldest: number): Change {
    const value: OpenMove = { places: [], oldest };
    return { collection: COLLECTION, id: `${sumId(tenant, stream)}${LEAVING}`, value };
  }

  closeRemoval(tenant: string, stream: string): Change {
    return { collection: COLLECTION, id: `${sumId(tenant, stream)}${LEAVING}`, value: undefined };
  }

  /** Streams of the tenant that have a move out of quarantine under way, or left by a process that ended. */
  async streams(tenant: string): Promise<readonly string[]> {
    return (await this.#names(tenant)).filter((name) => !name.endsWith(LEAVING));
  }

  /** Streams of the tenant that events are removed from, or that a process left in the middle of it. */
  async leaving(tenant: string): Promise<readonly string[]> {
    const names = await this.#names(tenant);
    return names.filter((name) => name.endsWith(LEAVING)).map((name) => name.slice(0, -LEAVING.length));
  }

  /** Places with a move under way. */
  async places(tenant: string): Promise<readonly string[]> {
    return (await this.#all(tenant)).flatMap(({ value }) => value.places);
  }

  /** The oldest minute with a move under way (milliseconds since the epoch); infinite where there is none. */
  async oldest(tenant: string): Promise<number> {
    const moves = (await this.#all(tenant)).map(({ value }) => value);
    const minutes = moves.flatMap(({ places }) => places.map((id) => parsePlaceId(id).minute ?? 0));
    const removals = moves.flatMap(({ oldest = [] }) => oldest);
    return [...minutes, ...removals].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  }

  /** The last minute that is in totals, or is about to be. For a move: to be asked once it is opened. */
  async foldedThrough(tenant: string): Promise<number> {
    const fold = await this.catalogue.read<LedgerFold>(FOLDS, tenant);
    return fold?.value.through ?? NOTHING_FOLDED;
  }

  /** Says that minutes up to this one are about to be in totals; never takes back what it said before. */
  async foldThrough(tenant: string, through: number): Promise<void> {
    if (through <= (await this.foldedThrough(tenant))) return;
    const value: LedgerFold = { through };
    await this.catalogue.write([{ collection: FOLDS, id: tenant, value }]);
  }

  async #names(tenant: string): Promise<string[]> {
    return (await this.#all(tenant)).map(({ id }) => id.slice(tenant.length + 1));
  }

  #all(tenant: string) {
    return scanAll<OpenMove>(this.catalogue, COLLECTION, { prefix: `${tenant}/` });
  }
}
