import type { StreamSpec } from './stream.js';

/** A column of an archive's file and the type that it is to be read with, which a reader's guess would not be. */
export interface ArchiveColumn {
  readonly name: string;
  readonly type: string;
}

/** A file of an archive where this process can read it. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
}

/** A unit that questions are answered from its archive for, whatever the tier has of its own of it. */
export interface ArchivedFiles {
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  readonly generation: number;
  /** As the files were written; those that the stream's type has got since are missing. */
  readonly columns: readonly ArchiveColumn[];
  readonly files: readonly LocalFile[];
  readonly events: number;
  /** Time of the first and the last event: nanoseconds since the epoch, both inclusive. */
  readonly oldest: bigint;
  readonly newest: bigint;
}

/** A stream that a question is about, with those of its archived units that may have events of the answer. */
export interface AskedStream extends StreamSpec {
  readonly archived?: readonly ArchivedFiles[];
}
