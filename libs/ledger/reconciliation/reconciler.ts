import type { Catalogue } from '#catalogue';
import type { InspectableEventBus } from '#event-bus';
import type { CountingTier, StreamSpec } from '#plugin-kit';
import { NO_VERDICTS, SUMS, sumId, type LedgerEntry, type Verdicts } from '../accounts/ledger-entry.js';
import { DifferenceBook, type Counted } from './difference-book.js';
import { countsByPlace, isSettled, LedgerPlaces, type TableCount } from './ledger-places.js';

/** What a turn did. */
export interface ReconciliationReport {
  /** Streams and quarantines whose numbers were compared minute by minute. */
  readonly compared: number;
  /** Records of a difference that were made, changed or removed. */
  readonly changed: number;
}

/** What is compared: the events of a stream, or a tenant's quarantine. */
interface Comparison {
  readonly tenant: string;
  readonly counted: Counted;
  readonly stream?: string;
  readonly count: () => Promise<readonly TableCount[]>;
}

type Outcome = 'equal' | 'under_way' | number;

/**
 * Holds the ledger against the tables. Sums are compared first, which is cheap; minutes only where the sums differ, and
 * of those only minutes at which nothing was written while the engine counted: a batch under way is not a loss.
 */
export class Reconciler {
  readonly #places: LedgerPlaces;
  /** Streams that had more events than the ledger in the last turn, while blocks were under way. */
  readonly #ahead = new Set<string>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly bus: Pick<InspectableEventBus, 'pending'>,
  ) {
    this.#places = new LedgerPlaces(catalogue, bus);
  }

  /**
   * Compares all these streams and their tenants' quarantines, and records what is missing in the tables. An aborted
   * signal ends the turn between two comparisons.
   */
  async reconcile(
    streams: readonly StreamSpec[],
    tier: CountingTier,
    signal?: AbortSignal,
  ): Promise<ReconciliationReport> {
    const outcomes: Outcome[] = [];
    for (const stream of streams)
      if (!signal?.aborted) outcomes.push(await this.#reconcileStream(stream, tier));
    for (const tenant of new Set(streams.map((stream) => stream.tenant)))
      if (!signal?.aborted) outcomes.push(await this.#reconcileQuarantine(tenant, tier));
    const compared = outcomes.filter((outcome) => typeof outcome === 'number');
    return { compared: compared.length, changed: compared.reduce((sum, changed) => sum + changed, 0) };
  }

  async #reconcileStream(stream: StreamSpec, tier: CountingTier): Promise<Outcome> {
    const { tenant, name } = stream;
    const book = await DifferenceBook.open(this.catalogue, tenant);
    const expected = leftOf(await this.#sumOf(tenant, name), 'stored') - book.sum('stored', name);
    const surplus = (await tier.count(stream)) - expected;
    if (await this.#mayBeUnderWay(stream, surplus)) return 'under_way';
    if (surplus === 0) return 'equal';
    const count = async (): Promise<TableCount[]> =>
      (await tier.countByMinute(stream)).map((each) => ({ ...each, stream: name }));
    return this.#compare({ tenant, counted: 'stored', stream: name, count });
  }

  /** Waits one turn, no more, before a busy stream that is ahead of its ledger is counted minute by minute. */
  async #mayBeUnderWay(stream: StreamSpec, surplus: number): Promise<boolean> {
    const id = sumId(stream.tenant, stream.name);
    if (surplus <= 0 || this.#ahead.delete(id)) return false;
    const pending = await this.bus.pending();
    const isBusy = pending.some((count) => sumId(count.tenant, count.stream) === id);
    if (isBusy) this.#ahead.add(id);
    return isBusy;
  }

  async #reconcileQuarantine(tenant: string, tier: CountingTier): Promise<Outcome> {
    const book = await DifferenceBook.open(this.catalogue, tenant);
    const expected = (await this.#quarantinedOf(tenant)) - book.sum('quarantined');
    const counts = await tier.countQuarantine(tenant);
    if (counts.reduce((sum, { events }) => sum + events, 0) === expected) return 'equal';
    return this.#compare({ tenant, counted: 'quarantined', count: () => tier.countQuarantine(tenant) });
  }

  async #compare(comparison: Comparison): Promise<number> {
    const { tenant, counted, stream } = comparison;
    const before = await this.#places.snapshot(tenant, stream);
    const found = countsByPlace(tenant, await comparison.count(), before.foldedThrough);
    const after = await this.#places.snapshot(tenant, stream);
    const missing = new Map<string, number>();
    for (const id of new Set([...before.places.keys(), ...found.keys()])) {
      const verdicts = before.places.get(id)?.verdicts ?? NO_VERDICTS;
      if (isSettled(id, before, after)) missing.set(id, leftOf(verdicts, counted) - (found.get(id) ?? 0));
    }
    const book = await DifferenceBook.open(this.catalogue, tenant);
    return book.record(counted, missing);
  }

  async #sumOf(tenant: string, stream: string): Promise<Verdicts> {
    const sum = await this.catalogue.read<LedgerEntry>(SUMS, sumId(tenant, stream));
    return sum?.value ?? NO_VERDICTS;
  }

  async #quarantinedOf(tenant: string): Promise<number> {
    const sums = await this.catalogue.scan<LedgerEntry>(SUMS, { prefix: `${tenant}/` });
    return sums.reduce((sum, { value }) => sum + value.quarantined, 0);
  }
}

/** Events that the tables are to have: what retention removed, or the archive alone has, was stored once. */
function leftOf(verdicts: Verdicts, counted: Counted): number {
  const { expired = 0, archived = 0 } = counted === 'stored' ? verdicts : {};
  return verdicts[counted] - expired - archived;
}
