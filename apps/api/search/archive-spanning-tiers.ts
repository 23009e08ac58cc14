import { Inject, Injectable } from '@nestjs/common';
import type { EventPlace } from '#event-model';
import type {
  AggregateQuery,
  AggregateResult,
  AskedStream,
  EventPage,
  EventQuery,
  FieldsQuery,
  FieldsResult,
  ParquetFile,
  ParquetQuery,
  ScanPiece,
  ScanQuery,
  StoredEvent,
} from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { ArchivedEvents } from './archived-events.js';
import { CopiedEvents } from './copied-events.js';
import { daysOfPage } from './days-of-page.js';

/** A question, and which store is to answer it where not that of its streams. */
export type StoreQuery = EventQuery & { readonly store?: 'documents' };

/** All that there can be. */
const EVERYTHING = {
  ...{ from: 0n, to: 2n ** 63n - 1n, timeoutMs: 0, confirmsArchives: true },
  filter: { kind: 'all', of: [] } as const,
};

/**
 * Asks the tiers about events in their tables and in archives alike.
 *
 * @throws Problem as {@link ArchivedEvents.ask} and {@link CopiedEvents.search}; TierError
 */
@Injectable()
export class ArchiveSpanningTiers {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(ArchivedEvents) private readonly archived: ArchivedEvents,
    @Inject(CopiedEvents) private readonly copies: CopiedEvents,
  ) {}

  search({ store, ...query }: StoreQuery, signal: AbortSignal): Promise<EventPage> {
    if (store) return this.copies.search(query, signal);
    const work = (asked: EventQuery): Promise<EventPage> => this.tiers.searchable.search(asked, signal);
    return this.archived.ask(query, work, daysOfPage);
  }

  aggregate(query: AggregateQuery, signal: AbortSignal): Promise<AggregateResult> {
    return this.archived.ask(query, (asked) => this.tiers.aggregating.aggregate(asked, signal));
  }

  fields(query: FieldsQuery, signal: AbortSignal): Promise<FieldsResult> {
    return this.archived.ask(query, (asked) => this.tiers.describing.fields(asked, signal));
  }

  scan(query: ScanQuery, signal: AbortSignal): AsyncIterable<ScanPiece> {
    return this.archived.read(query, (asked) => this.tiers.scanning.scan(asked, signal));
  }

  exportParquet(query: ParquetQuery, signal: AbortSignal): Promise<ParquetFile> {
    return this.archived.make(query, (asked) => this.tiers.parquet.exportParquet(asked, signal));
  }

  /** In the tables first: archives are read as a whole, by one column. */
  async find(
    tenant: string,
    streams: readonly AskedStream[],
    place: EventPlace,
  ): Promise<StoredEvent | undefined> {
    const { searchable } = this.tiers;
    const found = await searchable.find(tenant, streams, place);
    if (found) return found;
    return this.archived.make({ ...EVERYTHING, tenant, streams }, async (asked, archives) =>
      archives ? searchable.find(tenant, asked.streams, place) : undefined,
    );
  }
}
