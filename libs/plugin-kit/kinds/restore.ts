import type { EventTypeDeclaration } from '#event-model';
import type { ArchiveColumn, ArchivedFiles } from './asked-stream.js';
import type { StreamPart } from './rewrite.js';
import type { StreamSpec } from './stream.js';
import type { StorageTier } from './tier.js';

/**
 * Has streams that are made of archives, and takes them away again.
 *
 * @throws TierError
 */
export interface RestoringTier extends StorageTier {
  /**
   * Looks whether an archive's files with these columns give events of the type, with all that they have.
   *
   * @throws TierError `config`, with the column that stands in the way
   */
  checkColumns(eventType: EventTypeDeclaration, columns: readonly ArchiveColumn[]): void;
  /**
   * Puts the events of a unit's files into the stream's table, as they are: all in one step for whoever reads, or none. In the
   * place of what the table has of the unit, so it may be done again. They are of the unit's generation then: a merged one has
   * events of several. Roll-ups of the day are to be made again.
   *
   * @throws TierError `data` where the files have other events than the unit
   */
  restoreUnit(part: StreamPart, unit: ArchivedFiles, signal?: AbortSignal): Promise<void>;
  /**
   * Takes away all tables of the stream, which nobody writes to; others of the tenant stay. Idempotent; a stream of the same
   * name, of whatever type, may be prepared afterwards.
   */
  removeStream(stream: StreamSpec): Promise<void>;
}
