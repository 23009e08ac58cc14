import type { EventPlace } from '#event-model';
import {
  type AggregateBucket,
  type AggregateQuery,
  type AggregateResult,
  type AskedStream,
  type BlocksQuery,
  type EventPage,
  type EventQuery,
  type FieldsQuery,
  type ParquetQuery,
  type QuarantineFilter,
  type QuarantinePage,
  type QuarantineQuery,
  type ScanPiece,
  type ScanQuery,
  type SearchStats,
  type StoredEvent,
  type ValueCount,
} from '#plugin-kit';
import { byPlace, byTime, compare, mergePieces, placeOf } from './merge-pieces.js';
import { isDocuments, type SearchTier } from './tier-powers.js';
import { documentsOnly, UnitedStreams } from './united-streams.js';

/**
 * Both tiers as one: each stream's events are in one of them, and a question about streams of both is answered from both, in one
 * order. What is refused is kept where its stream is, so that a tenant's quarantine is in both.
 */
export class UnitedTier extends UnitedStreams implements SearchTier {
  async ping(): Promise<void> {
    await Promise.all([this.searchTier.ping(), this.documents.ping()]);
  }

  /** Both are stopped by whoever opened them. */
  async stop(): Promise<void> {}

  async search(query: EventQuery, signal?: AbortSignal): Promise<EventPage> {
    const [tables, documents] = halves(query.streams);
    if (documents.length === 0) return this.searchTier.search(query, signal);
    if (tables.length === 0) return this.documents.search(query, signal);
    const [a, b] = await Promise.all([
      this.searchTier.search({ ...query, streams: tables }, signal),
      this.documents.search({ ...query, streams: documents }, signal),
    ]);
    return unitePages(a, b, query);
  }

  async find(tenant: string, streams: readonly AskedStream[], place: EventPlace) {
    const [tables, documents] = halves(streams);
    const found = tables.length > 0 ? await this.searchTier.find(tenant, tables, place) : undefined;
    return found ?? (documents.length > 0 ? this.documents.find(tenant, documents, place) : undefined);
  }

  scan(query: ScanQuery, signal?: AbortSignal): AsyncIterable<ScanPiece> {
    const [tables, documents] = halves(query.streams);
    if (documents.length === 0) return this.searchTier.scan(query, signal);
    const ofDocuments = this.documents.scan({ ...query, streams: documents }, signal);
    if (tables.length === 0) return ofDocuments;
    const ofTables = this.searchTier.scan({ ...query, streams: tables }, signal);
    return mergePieces(ofTables, ofDocuments, byTime(query.order));
  }

  readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return (isDocuments(query.stream) ? this.documents : this.searchTier).readBlocks(query, signal);
  }

  countBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return (isDocuments(query.stream) ? this.documents : this.searchTier).countBlocks(query, signal);
  }

  /** Of streams of both, counts without groups are: all else is no sum of two answers. */
  async aggregate(query: AggregateQuery, signal?: AbortSignal): Promise<AggregateResult> {
    const [tables, documents] = halves(query.streams);
    if (documents.length === 0) return this.searchTier.aggregate(query, signal);
    if (tables.length === 0) return this.documents.aggregate(query, signal);
    const isSum = query.groupBy.length === 0 && query.metrics.every((metric) => metric.function === 'count');
    if (!isSum)
      throw documentsOnly(
        documents,
        'figured with together with other streams, but for counts without groups',
      );
    const [a, b] = await Promise.all([
      this.searchTier.aggregate({ ...query, streams: tables }, signal),
      this.documents.aggregate({ ...query, streams: documents }, signal),
    ]);
    return uniteCounts(a, b);
  }

  async fields(query: FieldsQuery, signal?: AbortSignal) {
    return this.#searchFor(query.streams, 'listed by their fields').fields(query, signal);
  }

  async exportParquet(query: ParquetQuery, signal?: AbortSignal) {
    return this.#searchFor(query.streams, 'made into Parquet').exportParquet(query, signal);
  }

  async quarantine(query: QuarantineQuery): Promise<QuarantinePage> {
    const [a, b] = await Promise.all([this.searchTier.quarantine(query), this.documents.quarantine(query)]);
    const events = [...a.events, ...b.events].sort((x, y) => {
      const [p, q] = [
        { ...placeOf(x), time: x.received_at },
        { ...placeOf(y), time: y.received_at },
      ];
      // Newest first, but the rows of a block in their own order.
      return p.time === q.time && p.block === q.block ? p.row - q.row : compare(q, p);
    });
    const more = a.more || b.more || events.length > query.limit;
    return { events: events.slice(0, query.limit), more, total: a.total + b.total };
  }

  async countRefused(filter: QuarantineFilter) {
    const [a, b] = await Promise.all([
      this.searchTier.countRefused(filter),
      this.documents.countRefused(filter),
    ]);
    return {
      total: a.total + b.total,
      reasons: addCounts(a.reasons, b.reasons),
      sources: addCounts(a.sources, b.sources),
      streams: addCounts(a.streams, b.streams),
      parsers: addCounts(a.parsers, b.parsers),
    };
  }

  scanRefused(filter: QuarantineFilter, signal?: AbortSignal): AsyncIterable<ScanPiece> {
    return mergePieces(
      this.searchTier.scanRefused(filter, signal),
      this.documents.scanRefused(filter, signal),
      byPlace,
    );
  }

  async refusedPlaces(...asked: Parameters<SearchTier['refusedPlaces']>) {
    const [, { limit }] = asked;
    const both = await Promise.all([
      this.searchTier.refusedPlaces(...asked),
      this.documents.refusedPlaces(...asked),
    ]);
    return both
      .flat()
      .sort((a, b) => compare({ ...a, time: '' }, { ...b, time: '' }))
      .slice(0, limit);
  }

  async countQuarantine(tenant: string) {
    const both = [this.searchTier.countQuarantine(tenant), this.documents.countQuarantine(tenant)];
    return (await Promise.all(both)).flat();
  }

  async tableTtls(tenant: string) {
    return (await Promise.all([this.searchTier.tableTtls(tenant), this.documents.tableTtls(tenant)])).flat();
  }

  #searchFor(streams: readonly AskedStream[], what: string): SearchTier {
    const [, documents] = halves(streams);
    if (documents.length > 0) throw documentsOnly(documents, what);
    return this.searchTier;
  }
}

function halves(
  streams: readonly AskedStream[],
): readonly [tables: readonly AskedStream[], documents: readonly AskedStream[]] {
  return [streams.filter((stream) => !isDocuments(stream)), streams.filter(isDocuments)];
}

function unitePages(a: EventPage, b: EventPage, { limit, order }: EventQuery): EventPage {
  const way = order === 'asc' ? 1 : -1;
  const events: StoredEvent[] = [...a.events, ...b.events].sort(
    (x, y) => compare(placeOf(x), placeOf(y)) * way,
  );
  return {
    events: events.slice(0, limit),
    more: a.more || b.more || events.length > limit,
    total: a.total + b.total,
    totalIsExact: a.totalIsExact && b.totalIsExact,
    scanned: {
      from: a.scanned.from > b.scanned.from ? a.scanned.from : b.scanned.from,
      to: a.scanned.to < b.scanned.to ? a.scanned.to : b.scanned.to,
    },
    stats: addStats(a.stats, b.stats),
  };
}

/** Buckets of the same time are one; a count is never null. */
function uniteCounts(a: AggregateResult, b: AggregateResult): AggregateResult {
  const buckets = new Map<bigint | undefined, AggregateBucket>();
  for (const bucket of [...a.buckets, ...b.buckets]) {
    const known = buckets.get(bucket.time);
    const values = bucket.values.map((value, at) => Number(value) + Number(known?.values[at] ?? 0));
    buckets.set(bucket.time, { ...bucket, values });
  }
  return {
    buckets: [...buckets.values()].sort((x, y) => Number((x.time ?? 0n) - (y.time ?? 0n))),
    approximations: [],
    source: 'events',
    stats: addStats(a.stats, b.stats),
  };
}

function addStats(a: SearchStats, b: SearchStats): SearchStats {
  return {
    ...a,
    rowsRead: a.rowsRead + b.rowsRead,
    bytesRead: a.bytesRead + b.bytesRead,
    elapsedMs: Math.max(a.elapsedMs, b.elapsedMs),
  };
}

function addCounts(a: readonly ValueCount[], b: readonly ValueCount[]): readonly ValueCount[] {
  const sums = new Map<string, number>();
  for (const { value, events } of [...a, ...b]) sums.set(value, (sums.get(value) ?? 0) + events);
  return [...sums]
    .map(([value, events]) => ({ value, events }))
    .sort((x, y) => y.events - x.events || (x.value < y.value ? -1 : 1));
}
