import type { EventTypeDeclaration } from '#event-model';
import type { ArchiveColumn } from './asked-stream.js';
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
   * Takes away all tables of the stream, which nobody writes to; others of the tenant stay. Idempotent; a stream of the same
   * name, of whatever type, may be prepared afterwards.
   */
  removeStream(stream: StreamSpec): Promise<void>;
}
