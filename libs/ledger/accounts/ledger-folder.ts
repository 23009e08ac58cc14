import type { Catalogue, Change, Stored } from '#catalogue';
import type { InspectableEventBus, ReceivedCount } from '#event-bus';
import {
  addVerdicts,
  DIFFERENCES,
  ENTRIES,
  MINUTE_MS,
  minuteText,
  NO_VERDICTS,
  parsePlaceId,
  TOTALS,
  totalId,
  type LedgerEntry,
  type LedgerTotal,
} from './ledger-entry.js';
import { LedgerMoves } from '../reconciliation/ledger-moves.js';
import { scanAll } from './scan-all.js';

/** How long minutes are kept one by one: milliseconds. */
export const MINUTES_LIFETIME_MS = 30 * 86_400_000;
const WRITE_AT_ONCE = 1_000;

/** One source's minutes that go into its total. */
interface Batch {
  readonly id: string;
  readonly entries: Stored<LedgerEntry>[];
  readonly received: ReceivedCount[];
}

/** Sums up minutes that are too old to be kept one by one, so that the ledger stays small and still adds up. */
export class LedgerFolder {
  readonly #moves: LedgerMoves;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly bus: Pick<InspectableEventBus, 'received' | 'pending'>,
  ) {
    this.#moves = new LedgerMoves(catalogue);
  }

  /**
   * Folds what is over 30 days old into one record for each stream and source. Answers the minute (milliseconds since
   * the epoch) before which the bus may forget its received counts, once all tenants are folded. Each total is written
   * before its minutes are deleted and says how far it goes: a repeat after a crash adds nothing twice. Minutes whose
   * events leave quarantine just now, and all later ones, wait for the next turn.
   */
  async fold(tenants: readonly string[], nowMs: number): Promise<number> {
    const waiting = (await this.bus.pending()).map((count) => count.minute);
    const oldest = Math.min(nowMs - MINUTES_LIFETIME_MS, ...waiting);
    const cutoff = Math.floor(oldest / MINUTE_MS) * MINUTE_MS;
    const received = await this.bus.received(0, cutoff - MINUTE_MS);
    const reached = [cutoff];
    for (const tenant of tenants) {
      const counts = received.filter((count) => count.tenant === tenant);
      reached.push(await this.#foldTenant(tenant, counts, cutoff));
    }
    return Math.min(...reached);
  }

  async #foldTenant(tenant: string, received: readonly ReceivedCount[], until: number): Promise<number> {
    const cutoff = await this.#claim(tenant, until);
    const entries = await this.#entriesBefore(tenant, cutoff);
    const counts = received.filter(({ minute }) => minute < cutoff);
    for (const batch of batchesOf(tenant, entries, counts)) await this.#foldSource(batch, cutoff);
    await this.#forget(entries);
    return cutoff;
  }

  /** The minute up to which nothing is written any more; see {@link LedgerMoves}. */
  async #claim(tenant: string, until: number): Promise<number> {
    const wanted = Math.min(until, await this.#moves.oldest(tenant));
    await this.#moves.foldThrough(tenant, wanted - MINUTE_MS);
    return Math.min(wanted, await this.#moves.oldest(tenant));
  }

  async #entriesBefore(tenant: string, cutoff: number): Promise<Stored<LedgerEntry>[]> {
    const until = `${tenant}/${minuteText(cutoff)}`;
    return scanAll<LedgerEntry>(this.catalogue, ENTRIES, { prefix: `${tenant}/`, until });
  }

  async #foldSource(batch: Batch, cutoff: number): Promise<void> {
    const kept = await this.catalogue.read<LedgerTotal>(TOTALS, batch.id);
    const value = addTo(kept?.value, batch, cutoff);
    if (value)
      await this.catalogue.write([
        { collection: TOTALS, id: batch.id, value, ifVersion: kept?.version ?? 0 },
      ]);
  }

  /** Differences go with their minutes: the next reconciliation finds them in the total. */
  async #forget(entries: readonly Stored<LedgerEntry>[]): Promise<void> {
    const changes: Change[] = entries.flatMap(({ id }) => [
      { collection: DIFFERENCES, id, value: undefined },
      { collection: ENTRIES, id, value: undefined },
    ]);
    for (let at = 0; at < changes.length; at += WRITE_AT_ONCE)
      await this.catalogue.write(changes.slice(at, at + WRITE_AT_ONCE));
  }
}

function batchesOf(
  tenant: string,
  entries: readonly Stored<LedgerEntry>[],
  received: readonly ReceivedCount[],
): Iterable<Batch> {
  const batches = new Map<string, Batch>();
  const batchOf = (place: { readonly stream: string; readonly source: string }): Batch => {
    const id = totalId(tenant, place);
    const batch = batches.get(id) ?? { id, entries: [], received: [] };
    batches.set(id, batch);
    return batch;
  };
  for (const entry of entries) batchOf(parsePlaceId(entry.id)).entries.push(entry);
  for (const count of received) batchOf(count).received.push(count);
  return batches.values();
}

/** The total with the minutes that it doesn't hold yet; undefined where it holds them all. */
function addTo(total: LedgerTotal | undefined, batch: Batch, cutoff: number): LedgerTotal | undefined {
  const held = total?.through ?? -1;
  const entries = batch.entries.filter(({ id }) => minuteOfEntry(id) > held);
  const received = batch.received.filter((count) => count.minute > held);
  const minutes = [...entries.map(({ id }) => minuteOfEntry(id)), ...received.map(({ minute }) => minute)];
  if (minutes.length === 0) return undefined;
  return {
    ...entries.map(({ value }) => value).reduce(addVerdicts, total ?? NO_VERDICTS),
    received: received.reduce((sum, { events }) => sum + events, total?.received ?? 0),
    from: total?.from ?? minutes.reduce((a, b) => Math.min(a, b)),
    through: cutoff - MINUTE_MS,
  };
}

function minuteOfEntry(id: string): number {
  return parsePlaceId(id).minute ?? 0;
}
