import type { EventTypeDeclaration } from '#event-model';

/**
 * Why nothing is sent to a stream. `attached`: its events lie in an archive that was brought in from elsewhere. `restoring`,
 * `restored`: they are being copied out of an archive for a while, or were. `leaving`: it is being taken away.
 */
export type ReadOnlyStream = 'attached' | 'restoring' | 'restored' | 'leaving';

/**
 * `search`: tables that are searched by word and figured with. `documents`: MongoDB, found by id, indexed fields and time. `both`:
 * tables as in `search`, and a copy in MongoDB that follows them.
 */
export type StoredIn = 'search' | 'documents' | 'both';

/** A stream as a tier must know it: one event type for life. */
export interface StreamSpec {
  readonly tenant: string;
  readonly name: string;
  readonly eventType: EventTypeDeclaration;
  /** `when_needed`: the bytes of a JSON event are kept only where the columns can't give them back. */
  readonly keepRaw: 'when_needed' | 'always';
  /** Which store has its events, for life. Absent: the search tier. */
  readonly storedIn?: StoredIn;
  /** Absent: it takes events. */
  readonly readOnly?: ReadOnlyStream;
}
