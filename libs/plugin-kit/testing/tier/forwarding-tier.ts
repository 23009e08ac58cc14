import type { BlockId, EventPlace, EventTypeDeclaration } from '#event-model';
import type {
  AggregateQuery,
  ArchiveColumn,
  ArchivedFiles,
  ArchivedPart,
  BlocksQuery,
  ClaimIds,
  EventQuery,
  FieldsQuery,
  MergedOrder,
  NewReason,
  ParquetQuery,
  QuarantineFilter,
  QuarantineQuery,
  ScanQuery,
  StreamPart,
  StreamSpec,
  TierBatch,
  TimeSpan,
} from '#plugin-kit';
import type { ContractTier } from './contract-case.js';

/** Hands every call on to another tier; a seeded bug changes one of them. */
export class ForwardingTier implements ContractTier {
  readonly name: string;

  constructor(protected readonly inner: ContractTier) {
    this.name = inner.name;
  }

  prepare(stream: StreamSpec) {
    return this.inner.prepare(stream);
  }
  ping() {
    return this.inner.ping();
  }
  stop() {
    return this.inner.stop();
  }
  insert(batch: TierBatch, claim?: ClaimIds) {
    return this.inner.insert(batch, claim);
  }
  refuse(batch: TierBatch, reason: string) {
    return this.inner.refuse(batch, reason);
  }
  present(stream: StreamSpec, blocks: readonly BlockId[]) {
    return this.inner.present(stream, blocks);
  }
  clientIds(batch: TierBatch) {
    return this.inner.clientIds(batch);
  }
  daysOf(stream: StreamSpec, blocks: readonly BlockId[]) {
    return this.inner.daysOf(stream, blocks);
  }
  checkRollUps(stream: StreamSpec) {
    return this.inner.checkRollUps(stream);
  }
  rebuildRollUps(stream: StreamSpec, day: number) {
    return this.inner.rebuildRollUps(stream, day);
  }
  count(stream: StreamSpec) {
    return this.inner.count(stream);
  }
  countByMinute(stream: StreamSpec) {
    return this.inner.countByMinute(stream);
  }
  countQuarantine(tenant: string) {
    return this.inner.countQuarantine(tenant);
  }
  search(query: EventQuery, signal?: AbortSignal) {
    return this.inner.search(query, signal);
  }
  find(tenant: string, streams: readonly StreamSpec[], place: EventPlace) {
    return this.inner.find(tenant, streams, place);
  }
  aggregate(query: AggregateQuery, signal?: AbortSignal) {
    return this.inner.aggregate(query, signal);
  }
  fields(query: FieldsQuery, signal?: AbortSignal) {
    return this.inner.fields(query, signal);
  }
  scan(query: ScanQuery, signal?: AbortSignal) {
    return this.inner.scan(query, signal);
  }
  readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return this.inner.readBlocks(query, signal);
  }
  countBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return this.inner.countBlocks(query, signal);
  }
  exportParquet(query: ParquetQuery, signal?: AbortSignal) {
    return this.inner.exportParquet(query, signal);
  }
  quarantine(query: QuarantineQuery) {
    return this.inner.quarantine(query);
  }
  countRefused(filter: QuarantineFilter) {
    return this.inner.countRefused(filter);
  }
  scanRefused(filter: QuarantineFilter, signal?: AbortSignal) {
    return this.inner.scanRefused(filter, signal);
  }
  refusedPlaces(filter: QuarantineFilter, page: { readonly limit: number; readonly after?: EventPlace }) {
    return this.inner.refusedPlaces(filter, page);
  }
  refusedLines(stream: StreamSpec, places: readonly EventPlace[]) {
    return this.inner.refusedLines(stream, places);
  }
  judge(batch: TierBatch) {
    return this.inner.judge(batch);
  }
  removeRefused(stream: StreamSpec, places: readonly EventPlace[]) {
    return this.inner.removeRefused(stream, places);
  }
  renameRefused(stream: StreamSpec, rows: readonly NewReason[]) {
    return this.inner.renameRefused(stream, rows);
  }
  storedParts(stream: StreamSpec, span: TimeSpan) {
    return this.inner.storedParts(stream, span);
  }
  blocksOfPart(part: StreamPart, page: { readonly limit: number; readonly after?: BlockId }) {
    return this.inner.blocksOfPart(part, page);
  }
  storedLines(part: StreamPart, blocks: readonly BlockId[], span: TimeSpan) {
    return this.inner.storedLines(part, blocks, span);
  }
  beginRewrite(part: StreamPart) {
    return this.inner.beginRewrite(part);
  }
  rewrite(part: StreamPart, blocks: readonly BlockId[], batch: TierBatch) {
    return this.inner.rewrite(part, blocks, batch);
  }
  catchUpRewrite(part: StreamPart) {
    return this.inner.catchUpRewrite(part);
  }
  finishRewrite(part: StreamPart) {
    return this.inner.finishRewrite(part);
  }
  abandonRewrite(stream: StreamSpec) {
    return this.inner.abandonRewrite(stream);
  }

  storedUnits(stream: StreamSpec) {
    return this.inner.storedUnits(stream);
  }

  tableTtls(tenant: string) {
    return this.inner.tableTtls(tenant);
  }

  countUnit(part: StreamPart, through?: BlockId) {
    return this.inner.countUnit(part, through);
  }

  countUnitByMinute(part: StreamPart, through: BlockId) {
    return this.inner.countUnitByMinute(part, through);
  }

  removeUnit(part: StreamPart, through: BlockId) {
    return this.inner.removeUnit(part, through);
  }

  exportUnit(part: ArchivedPart, path: string, signal?: AbortSignal) {
    return this.inner.exportUnit(part, path, signal);
  }

  fingerprintUnit(part: ArchivedPart, signal?: AbortSignal) {
    return this.inner.fingerprintUnit(part, signal);
  }

  fingerprintFile(path: string, columns: readonly ArchiveColumn[], signal?: AbortSignal) {
    return this.inner.fingerprintFile(path, columns, signal);
  }
  mergeFiles(paths: readonly string[], order: MergedOrder, ...to: [target: string, signal?: AbortSignal]) {
    return this.inner.mergeFiles(paths, order, ...to);
  }

  linesOfFile(
    path: string,
    columns: readonly ArchiveColumn[],
    ...to: [target: string, signal?: AbortSignal]
  ) {
    return this.inner.linesOfFile(path, columns, ...to);
  }
  fileOfLines(
    path: string,
    columns: readonly ArchiveColumn[],
    ...to: [target: string, signal?: AbortSignal]
  ) {
    return this.inner.fileOfLines(path, columns, ...to);
  }

  checkColumns(eventType: EventTypeDeclaration, columns: readonly ArchiveColumn[]) {
    this.inner.checkColumns(eventType, columns);
  }

  restoreUnit(part: StreamPart, unit: ArchivedFiles, signal?: AbortSignal) {
    return this.inner.restoreUnit(part, unit, signal);
  }

  removeStream(stream: StreamSpec) {
    return this.inner.removeStream(stream);
  }
}
