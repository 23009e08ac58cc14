import type { EventPlace, EventTypeDeclaration } from '#event-model';
import type {
  AggregateQuery,
  ArchiveColumn,
  ArchivedPart,
  AskedStream,
  BlocksQuery,
  EventQuery,
  FieldsQuery,
  MergedOrder,
  ParquetQuery,
  QuarantineFilter,
  QuarantineQuery,
  ScanQuery,
  StreamSpec,
  TierContext,
  TierMeasures,
} from '#plugin-kit';
import { checkColumns } from './archive/check-columns.js';
import { exportUnit } from './archive/export-unit.js';
import { fingerprintFile, fingerprintUnit } from './archive/fingerprint.js';
import { fileOfLines, linesOfFile } from './archive/lines.js';
import { mergeFiles } from './archive/merge-files.js';
import type { Engine } from './engine/engine.js';
import { countRefused } from './quarantine/count-refused.js';
import { refusedPlaces } from './quarantine/refused-rows.js';
import { scanRefused } from './quarantine/scan-refused.js';
import { saveTables } from './save/save-tables.js';
import { aggregateEvents } from './search/aggregate.js';
import { countBlocks, readBlocks } from './search/blocks.js';
import { describeFields } from './search/fields.js';
import { Outlines } from './search/outlines.js';
import { exportParquet, exportsDirectory } from './search/parquet-export.js';
import { searchQuarantine } from './search/quarantine.js';
import type { QuestionContext } from './search/question.js';
import { scanEvents } from './search/scan.js';
import { findEvent, searchEvents, type SearchContext } from './search/search.js';

/** What the search tier answers: it changes nothing, and asks for no table to be there. So does a copy of all. */
export abstract class ClickHouseQuestions {
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

  abstract prepare(stream: StreamSpec): Promise<void>;

  async search(query: EventQuery, signal?: AbortSignal) {
    return searchEvents(this.#asking, await this.#own(query), signal);
  }

  async find(tenant: string, streams: readonly AskedStream[], place: EventPlace) {
    const own = await this.#own({ tenant, streams });
    return findEvent(this.engine, own.streams, place);
  }

  async *scan(query: ScanQuery, signal?: AbortSignal) {
    yield* scanEvents(this.engine, await this.#own(query), signal);
  }

  async *readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    await this.#prepareArchived([query.stream]);
    yield* readBlocks(this.engine, query, signal);
  }

  async countBlocks(query: BlocksQuery, signal?: AbortSignal) {
    await this.#prepareArchived([query.stream]);
    return countBlocks(this.engine, query, signal);
  }

  async exportParquet(query: ParquetQuery, signal?: AbortSignal) {
    const own = await this.#own(query);
    return exportParquet(this.engine, own, exportsDirectory(this.context.dataDirectory), signal);
  }

  async aggregate(query: AggregateQuery, signal?: AbortSignal) {
    return aggregateEvents(this.#asking, await this.#own(query), signal);
  }

  async fields(query: FieldsQuery, signal?: AbortSignal) {
    return describeFields(this.#asking, await this.#own(query), signal);
  }

  quarantine(query: QuarantineQuery) {
    return searchQuarantine(this.engine, query);
  }

  countRefused(filter: QuarantineFilter) {
    return countRefused(this.engine, filter);
  }

  scanRefused(filter: QuarantineFilter, signal?: AbortSignal) {
    return scanRefused(this.engine, filter, signal);
  }

  refusedPlaces(filter: QuarantineFilter, page: { readonly limit: number; readonly after?: EventPlace }) {
    return refusedPlaces(this.engine, filter, page);
  }

  checkColumns(eventType: EventTypeDeclaration, columns: readonly ArchiveColumn[]): void {
    checkColumns(eventType, columns);
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

  mergeFiles(paths: readonly string[], order: MergedOrder, ...to: [target: string, signal?: AbortSignal]) {
    return mergeFiles(this.engine, paths, order, ...to);
  }

  linesOfFile(
    path: string,
    columns: readonly ArchiveColumn[],
    ...to: [target: string, signal?: AbortSignal]
  ) {
    return linesOfFile(this.engine, path, columns, ...to);
  }

  fileOfLines(
    path: string,
    columns: readonly ArchiveColumn[],
    ...to: [target: string, signal?: AbortSignal]
  ) {
    return fileOfLines(this.engine, path, columns, ...to);
  }

  /** A stream of another tenant is never read, whoever asked for it. */
  async #own<T extends { readonly tenant: string; readonly streams: readonly AskedStream[] }>(
    query: T,
  ): Promise<T> {
    const streams = query.streams.filter((stream) => stream.tenant === query.tenant);
    await this.#prepareArchived(streams);
    return { ...query, streams };
  }

  /** Without a table, nothing would be looked for in the archive either. */
  async #prepareArchived(streams: readonly AskedStream[]): Promise<void> {
    const archived = streams.filter((stream) => (stream.archived?.length ?? 0) > 0);
    await Promise.all(archived.map((stream) => this.prepare(stream)));
  }

  saveTo(directory: string) {
    return saveTables(this.engine, directory);
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
