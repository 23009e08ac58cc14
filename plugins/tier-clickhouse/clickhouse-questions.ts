import type { EventPlace } from '#event-model';
import type {
  AggregateQuery,
  ArchiveColumn,
  ArchivedPart,
  BlocksQuery,
  EventQuery,
  FieldsQuery,
  ParquetQuery,
  ScanQuery,
  StreamSpec,
  TierContext,
  TierMeasures,
} from '#plugin-kit';
import { exportUnit } from './archive/export-unit.js';
import { fingerprintFile, fingerprintUnit } from './archive/fingerprint.js';
import type { Engine } from './engine/engine.js';
import { aggregateEvents } from './search/aggregate.js';
import { countBlocks, readBlocks } from './search/blocks.js';
import { describeFields } from './search/fields.js';
import { Outlines } from './search/outlines.js';
import { exportParquet, exportsDirectory } from './search/parquet-export.js';
import type { QuestionContext } from './search/question.js';
import { scanEvents } from './search/scan.js';
import { findEvent, searchEvents, type SearchContext } from './search/search.js';

/** What the search tier answers: it changes nothing, and asks for no table to be there. */
export class ClickHouseQuestions {
  readonly #asking: QuestionContext & SearchContext;

  constructor(
    protected readonly engine: Engine,
    protected readonly context: TierContext,
  ) {
    this.#asking = { engine, memoryBytes: context.memoryBytes, outlines: new Outlines() };
  }

  async ping(): Promise<void> {
    await this.engine.run('SELECT 1', { lane: 'read' });
  }

  search(query: EventQuery, signal?: AbortSignal) {
    return searchEvents(this.#asking, { ...query, streams: ownStreams(query.tenant, query.streams) }, signal);
  }

  find(tenant: string, streams: readonly StreamSpec[], place: EventPlace) {
    return findEvent(this.engine, ownStreams(tenant, streams), place);
  }

  scan(query: ScanQuery, signal?: AbortSignal) {
    return scanEvents(this.engine, { ...query, streams: ownStreams(query.tenant, query.streams) }, signal);
  }

  readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return readBlocks(this.engine, query, signal);
  }

  countBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return countBlocks(this.engine, query, signal);
  }

  exportParquet(query: ParquetQuery, signal?: AbortSignal) {
    const own = { ...query, streams: ownStreams(query.tenant, query.streams) };
    return exportParquet(this.engine, own, exportsDirectory(this.context.dataDirectory), signal);
  }

  aggregate(query: AggregateQuery, signal?: AbortSignal) {
    const streams = ownStreams(query.tenant, query.streams);
    return aggregateEvents(this.#asking, { ...query, streams }, signal);
  }

  fields(query: FieldsQuery, signal?: AbortSignal) {
    const streams = ownStreams(query.tenant, query.streams);
    return describeFields(this.#asking, { ...query, streams }, signal);
  }

  exportUnit(part: ArchivedPart, path: string, signal?: AbortSignal) {
    return exportUnit(this.engine, part, path, signal);
  }

  fingerprintUnit(part: ArchivedPart, signal?: AbortSignal) {
    return fingerprintUnit(this.engine, part, signal);
  }

  fingerprintFile(path: string, columns: readonly ArchiveColumn[], signal?: AbortSignal) {
    return fingerprintFile(this.engine, path, columns, signal);
  }

  async measure(): Promise<TierMeasures> {
    const merges = await this.engine.run('SELECT count() AS n FROM system.merges', { lane: 'read' });
    const parts = await this.engine.run(
      "SELECT sum(bytes_on_disk) AS bytes, count() AS n FROM system.parts WHERE active AND startsWith(database, 'tenant_')",
      { lane: 'read' },
    );
    const [size] = parts.rows<{ bytes: string; n: string }>();
    return {
      diskBytes: Number(size?.bytes ?? 0),
      activeParts: Number(size?.n ?? 0),
      runningMerges: Number(merges.rows<{ n: string }>()[0]?.n ?? 0),
    };
  }
}

/** A stream of another tenant is never read, whoever asked for it. */
function ownStreams(tenant: string, streams: readonly StreamSpec[]): readonly StreamSpec[] {
  return streams.filter((stream) => stream.tenant === tenant);
}
