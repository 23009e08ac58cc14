import { setTimeout } from 'node:timers/promises';
import type { Catalogue, Stored } from '#catalogue';
import type { InspectableEventBus, ReceivedCount } from '#event-bus';
import { DIFFERENCES, ENTRIES, minuteText, type LedgerDifference, type LedgerEntry } from './ledger-entry.js';
import {
  eventsById,
  isFolded,
  isFoldedEntry,
  isWithin,
  linesOf,
  totalLines,
  type LedgerLine,
  type MinuteRange,
} from './ledger-line.js';
import { readTotals } from './read-totals.js';
import { scanAll } from './scan-all.js';

/** Readings at most, where the first ones don't add up. */
const READINGS = 3;
/** Milliseconds in which this process hears that a block is durable which the engine shows already. */
const PAUSE_MS = 20;

/** Reads the two sides of the ledger, the bus's and the verdicts', and sets them against each other. */
export class LedgerLines {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly bus: Pick<InspectableEventBus, 'received' | 'pending'>,
    private readonly pause: () => Promise<unknown> = () => setTimeout(PAUSE_MS),
  ) {}

  /**
   * The tenant's lines that have a minute in the range, in no order; those of several minutes are whole. Reads again what
   * doesn't add up at first: a block whose answer is on its way is not a loss.
   */
  async read(tenant: string, range: MinuteRange): Promise<LedgerLine[]> {
    let lines = await this.#readOnce(tenant, range);
    for (let reading = 1; reading < READINGS && !addsUp(lines); reading += 1)
      lines = await this.#readOnce(tenant, range);
    return lines;
  }

  async #readOnce(tenant: string, range: MinuteRange): Promise<LedgerLine[]> {
    const totals = byId(await readTotals(this.catalogue, tenant));
    const keep = (counts: readonly ReceivedCount[]): ReadonlyMap<string, number> =>
      eventsById(
        counts.filter(
          (count) => count.tenant === tenant && isWithin(range, count.minute) && !isFolded(totals, count),
        ),
      );
    // This order is what settleLine relies on.
    const received = keep(await this.bus.received(range.from, range.to));
    await this.pause();
    const pending = keep(await this.bus.pending());
    const entries = await this.#entries(tenant, range);
    const verdicts = byId(entries.filter(({ id }) => !isFoldedEntry(totals, id)));
    const receivedLater = keep(await this.bus.received(range.from, range.to));
    const missing = await this.#documents<LedgerDifference>(DIFFERENCES, tenant);
    return [
      ...linesOf({ received, pending, verdicts, receivedLater, missing }),
      ...totalLines(totals, missing, range),
    ];
  }

  /** Differences between ledger and tables, summed over all of the tenant's minutes. */
  async missing(tenant: string): Promise<number> {
    const differences = await this.#documents<LedgerDifference>(DIFFERENCES, tenant);
    return [...differences.values()].reduce((sum, { stored, quarantined }) => sum + stored + quarantined, 0);
  }

  async #entries(tenant: string, range: MinuteRange): Promise<readonly Stored<LedgerEntry>[]> {
    return scanAll<LedgerEntry>(this.catalogue, ENTRIES, {
      prefix: `${tenant}/`,
      after: `${tenant}/${minuteText(range.from)}`,
      until: `${tenant}/${minuteText(range.to)}/~`,
    });
  }

  async #documents<T>(collection: string, tenant: string): Promise<ReadonlyMap<string, T>> {
    return byId(await scanAll<T>(this.catalogue, collection, { prefix: `${tenant}/` }));
  }
}

function addsUp(lines: readonly LedgerLine[]): boolean {
  return lines.every((line) => line.residue === 0);
}

function byId<T>(documents: readonly Stored<T>[]): ReadonlyMap<string, T> {
  return new Map(documents.map(({ id, value }) => [id, value]));
}
