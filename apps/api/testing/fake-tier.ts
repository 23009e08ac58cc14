import { TierError, type ArchiveColumn } from '#plugin-kit';
import type {
  AggregateQuery,
  AggregateResult,
  AggregatingTier,
  AskedStream,
  BlockReadingTier,
  BlocksQuery,
  EventPage,
  EventQuery,
  FieldsQuery,
  FieldsResult,
  FieldsTier,
  QuarantineCounts,
  QuarantineFilter,
  QuarantinePage,
  QuarantineQuery,
  ScanPiece,
  SearchableTier,
  StoredEvent,
  CountedUnit,
  StoredPart,
  StoredUnit,
  StreamPart,
  StreamSpec,
  TableTtl,
  TimeSpan,
} from '#plugin-kit';
import type { BlockId, EventPlace, EventTypeDeclaration } from '#event-model';

/** A tier that answers what a test says and remembers what it was asked. */
export class FakeTier implements SearchableTier, AggregatingTier, FieldsTier, BlockReadingTier {
  readonly name = 'fake';
  ttls: readonly TableTtl[] = [];
  readonly queries: EventQuery[] = [];
  readonly quarantineQueries: QuarantineQuery[] = [];
  readonly quarantineFilters: QuarantineFilter[] = [];
  refusedCounts: QuarantineCounts = { total: 0, reasons: [], sources: [], streams: [], parsers: [] };
  refusedLines: readonly string[] = [];
  readonly aggregateQueries: AggregateQuery[] = [];
  aggregated: AggregateResult = {
    buckets: [],
    approximations: [],
    source: 'events',
    stats: { rowsRead: 0, bytesRead: 0, elapsedMs: 0 },
  };
  readonly fieldsQueries: FieldsQuery[] = [];
  described: FieldsResult = {
    events: 0,
    sampled: 0,
    fields: [],
    isCut: false,
    stats: { rowsRead: 0, bytesRead: 0, elapsedMs: 0 },
  };
  readonly blocksQueries: BlocksQuery[] = [];
  /** What fits of each block: events as JSON texts. */
  readonly blockLines = new Map<string, readonly string[]>();
  signal: AbortSignal | undefined;
  page: EventPage = {
    events: [],
    more: false,
    total: 0,
    totalIsExact: true,
    scanned: { from: 0n, to: 1n },
    stats: { rowsRead: 0, bytesRead: 0, elapsedMs: 0 },
  };
  quarantinePage: QuarantinePage = { events: [], more: false, total: 0 };
  events: StoredEvent[] = [];
  daysWrong: readonly number[] = [];
  /** What is stored of any stream and span. */
  parts: readonly StoredPart[] = [];
  /** Days of streams, by the stream's name. */
  readonly units = new Map<string, readonly StoredUnit[]>();
  readonly storedPartsAsked: [tenant: string, stream: string, span: TimeSpan][] = [];
  /** Names of the streams that were to be prepared. */
  readonly prepared: string[] = [];
  /** What the next call throws. */
  failure: Error | undefined;
  /** Searches never end where set. */
  hangs = false;

  search(query: EventQuery, signal?: AbortSignal): Promise<EventPage> {
    this.queries.push(query);
    this.signal = signal;
    return this.hangs ? new Promise(() => {}) : this.#answer(this.page);
  }

  find(tenant: string, streams: readonly AskedStream[], place: EventPlace): Promise<StoredEvent | undefined> {
    const names = new Set(streams.map(({ name }) => name));
    const id = `${place.block}-${place.row}`;
    return this.#answer(
      this.events.find(
        (event) => event.event_id === id && event.tenant === tenant && names.has(event.stream),
      ),
    );
  }

  quarantine(query: QuarantineQuery): Promise<QuarantinePage> {
    this.quarantineQueries.push(query);
    return this.#answer(this.quarantinePage);
  }

  countRefused(filter: QuarantineFilter): Promise<QuarantineCounts> {
    this.quarantineFilters.push(filter);
    return this.#answer(this.refusedCounts);
  }

  /** A piece for each line. */
  async *scanRefused(filter: QuarantineFilter): AsyncGenerator<ScanPiece> {
    this.quarantineFilters.push(filter);
    for (const line of await this.#answer(this.refusedLines))
      yield { lines: Buffer.from(`${line}\n`), count: 1 };
  }

  aggregate(query: AggregateQuery, signal?: AbortSignal): Promise<AggregateResult> {
    this.aggregateQueries.push(query);
    this.signal = signal;
    return this.#answer(this.aggregated);
  }

  fields(query: FieldsQuery, signal?: AbortSignal): Promise<FieldsResult> {
    this.fieldsQueries.push(query);
    this.signal = signal;
    return this.#answer(this.described);
  }

  /** A piece for each block. */
  async *readBlocks(query: BlocksQuery, signal?: AbortSignal): AsyncGenerator<ScanPiece> {
    this.blocksQueries.push(query);
    this.signal = signal;
    for (const block of query.blocks) {
      signal?.throwIfAborted();
      const lines = await this.#answer(this.blockLines.get(block) ?? []);
      if (lines.length > 0) yield { lines: Buffer.from(`${lines.join('\n')}\n`), count: lines.length };
    }
  }

  countBlocks(query: BlocksQuery, signal?: AbortSignal): Promise<number> {
    this.blocksQueries.push(query);
    this.signal = signal;
    const counts = query.blocks.map((block) => this.blockLines.get(block)?.length ?? 0);
    return this.#answer(counts.reduce((sum, count) => sum + count, 0));
  }

  checkRollUps(): Promise<readonly number[]> {
    return this.#answer(this.daysWrong);
  }

  ping(): Promise<void> {
    return this.#answer(undefined);
  }

  prepare(stream: StreamSpec): Promise<void> {
    this.prepared.push(stream.name);
    return this.hangs ? new Promise(() => {}) : this.#answer(undefined);
  }

  storedParts(stream: StreamSpec, span: TimeSpan): Promise<readonly StoredPart[]> {
    this.storedPartsAsked.push([stream.tenant, stream.name, span]);
    return this.#answer(this.parts);
  }

  storedUnits({ name }: StreamSpec): Promise<readonly StoredUnit[]> {
    return this.#answer(this.units.get(name) ?? []);
  }

  tableTtls(): Promise<readonly TableTtl[]> {
    return this.#answer(this.ttls);
  }

  countUnit({ stream, day, generation }: StreamPart): Promise<CountedUnit | undefined> {
    const found = this.units.get(stream.name)?.find((unit) => unit.day === day);
    const through = 'f'.repeat(32) as BlockId;
    const counted = found && { day, generation, events: found.events, through };
    return this.#answer(counted && { ...counted, identities: '1', lastReceivedAt: 1n });
  }

  /** Names of the streams whose tables were taken away. */
  readonly removed: string[] = [];
  /** Throws where a column is called `wrong`. */
  checkColumns(_eventType: EventTypeDeclaration, columns: readonly ArchiveColumn[]): void {
    if (columns.some(({ name }) => name === 'wrong'))
      throw new TierError('config', 'The column wrong is wrong.');
  }

  removeStream(stream: StreamSpec): Promise<void> {
    this.removed.push(stream.name);
    return this.#answer(undefined);
  }

  restoreUnit = (): Promise<never> => Promise.reject(new Error('the fake stores nothing'));
  removeUnit = (): Promise<never> => Promise.reject(new Error('the fake stores nothing'));

  // Powers that the registry looks for; the API never calls them.
  rewrite = (): Promise<never> => Promise.reject(new Error('the fake stores nothing'));
  finishRewrite = (): Promise<never> => Promise.reject(new Error('the fake stores nothing'));
  stop = (): Promise<void> => Promise.resolve();
  insert = (): Promise<never> => Promise.reject(new Error('the fake stores nothing'));
  refusedPlaces = (): Promise<readonly []> => this.#answer([]);
  present = (): Promise<never> => Promise.reject(new Error('the fake stores nothing'));
  rebuildRollUps = (): Promise<void> => this.#answer(undefined);
  countByMinute = (): Promise<readonly []> => this.#answer([]);

  #answer<T>(value: T): Promise<T> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(value);
  }
}
