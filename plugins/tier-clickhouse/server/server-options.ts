import type { TierServer } from '#plugin-kit';

/** What a server is spoken to with. */
export interface ServerOptions extends TierServer {
  /** Statements at once; two of them are kept for writes. */
  readonly concurrency: number;
}
