import type { BlockId, EventPlace, EventTypeDeclaration } from '#event-model';
import {
  TierError,
  type ArchiveColumn,
  type ArchivedFiles,
  type ArchivedPart,
  type ClaimIds,
  type NewReason,
  type StreamPart,
  type StreamSpec,
  type TierBatch,
  type TimeSpan,
} from '#plugin-kit';
import { isDocuments, type DocumentsTier, type SearchTier } from './tier-powers.js';

/** What is done with one stream's events: by the tier that has them. */
export class UnitedStreams {
  readonly name = 'united';

  constructor(
    protected readonly searchTier: SearchTier,
    protected readonly documents: DocumentsTier,
  ) {}

  prepare(stream: StreamSpec) {
    return this.#of(stream).prepare(stream);
  }

  insert(batch: TierBatch, claim?: ClaimIds) {
    return this.#of(batch.stream).insert(batch, claim);
  }

  refuse(batch: TierBatch, reason: string) {
    return this.#of(batch.stream).refuse(batch, reason);
  }

  present(stream: StreamSpec, blocks: readonly BlockId[]) {
    return this.#of(stream).present(stream, blocks);
  }

  clientIds(batch: TierBatch) {
    return this.#of(batch.stream).clientIds(batch);
  }

  daysOf(stream: StreamSpec, blocks: readonly BlockId[]) {
    return this.#of(stream).daysOf(stream, blocks);
  }

  checkRollUps(stream: StreamSpec) {
    return this.#of(stream).checkRollUps(stream);
  }

  rebuildRollUps(stream: StreamSpec, day: number) {
    return this.#of(stream).rebuildRollUps(stream, day);
  }

  count(stream: StreamSpec) {
    return this.#of(stream).count(stream);
  }

  countByMinute(stream: StreamSpec) {
    return this.#of(stream).countByMinute(stream);
  }

  refusedLines(stream: StreamSpec, places: readonly EventPlace[]) {
    return this.#of(stream).refusedLines(stream, places);
  }

  judge(batch: TierBatch) {
    return this.#of(batch.stream).judge(batch);
  }

  removeRefused(stream: StreamSpec, places: readonly EventPlace[]) {
    return this.#of(stream).removeRefused(stream, places);
  }

  renameRefused(stream: StreamSpec, rows: readonly NewReason[]) {
    return this.#of(stream).renameRefused(stream, rows);
  }

  storedUnits(stream: StreamSpec) {
    return this.#of(stream).storedUnits(stream);
  }

  countUnit(part: StreamPart, through?: BlockId) {
    return this.#of(part.stream).countUnit(part, through);
  }

  countUnitByMinute(part: StreamPart, through: BlockId) {
    return this.#of(part.stream).countUnitByMinute(part, through);
  }

  removeUnit(part: StreamPart, through: BlockId) {
    return this.#of(part.stream).removeUnit(part, through);
  }

  async storedParts(stream: StreamSpec, span: TimeSpan) {
    return this.#searchOf(stream).storedParts(stream, span);
  }

  async blocksOfPart(part: StreamPart, page: { readonly limit: number; readonly after?: BlockId }) {
    return this.#searchOf(part.stream).blocksOfPart(part, page);
  }

  async storedLines(part: StreamPart, blocks: readonly BlockId[], span: TimeSpan) {
    return this.#searchOf(part.stream).storedLines(part, blocks, span);
  }

  async beginRewrite(part: StreamPart) {
    return this.#searchOf(part.stream).beginRewrite(part);
  }

  async rewrite(part: StreamPart, blocks: readonly BlockId[], batch: TierBatch) {
    return this.#searchOf(part.stream).rewrite(part, blocks, batch);
  }

  async catchUpRewrite(part: StreamPart) {
    return this.#searchOf(part.stream).catchUpRewrite(part);
  }

  async finishRewrite(part: StreamPart) {
    return this.#searchOf(part.stream).finishRewrite(part);
  }

  /** There is nothing to be given up where nothing is ever begun. */
  async abandonRewrite(stream: StreamSpec) {
    if (!isDocuments(stream)) await this.searchTier.abandonRewrite(stream);
  }

  async exportUnit(part: ArchivedPart, path: string, signal?: AbortSignal) {
    return this.#searchOf(part.stream).exportUnit(part, path, signal);
  }

  async fingerprintUnit(part: ArchivedPart, signal?: AbortSignal) {
    return this.#searchOf(part.stream).fingerprintUnit(part, signal);
  }

  fingerprintFile(path: string, columns: readonly ArchiveColumn[], signal?: AbortSignal) {
    return this.searchTier.fingerprintFile(path, columns, signal);
  }

  mergeFiles(...files: Parameters<SearchTier['mergeFiles']>) {
    return this.searchTier.mergeFiles(...files);
  }

  linesOfFile(...file: Parameters<SearchTier['linesOfFile']>) {
    return this.searchTier.linesOfFile(...file);
  }

  fileOfLines(...file: Parameters<SearchTier['fileOfLines']>) {
    return this.searchTier.fileOfLines(...file);
  }

  checkColumns(eventType: EventTypeDeclaration, columns: readonly ArchiveColumn[]) {
    this.searchTier.checkColumns(eventType, columns);
  }

  restoreUnit(part: StreamPart, unit: ArchivedFiles, signal?: AbortSignal) {
    return this.searchTier.restoreUnit(part, unit, signal);
  }

  removeStream(stream: StreamSpec) {
    return this.searchTier.removeStream(stream);
  }

  #of(stream: StreamSpec): DocumentsTier {
    return isDocuments(stream) ? this.documents : this.searchTier;
  }

  #searchOf(stream: StreamSpec): SearchTier {
    if (isDocuments(stream)) throw documentsOnly([stream], 'read anew or copied into an archive');
    return this.searchTier;
  }
}

/** What only the search tier can do was asked of streams that it doesn't have. */
export function documentsOnly(streams: readonly Pick<StreamSpec, 'name'>[], what: string): TierError {
  const names = streams.map(({ name }) => `"${name}"`).join(', ');
  const which = streams.length === 1 ? `The stream ${names} is` : `The streams ${names} are`;
  return new TierError(
    'query',
    `${which} kept as documents only (stored_in: documents), which can't be ${what}: name other streams in the question, or search and export these.`,
  );
}
