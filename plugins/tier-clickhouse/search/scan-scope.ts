import type { ScanQuery } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';

/** One scan, and what it is asked of. */
export interface ScanScope {
  readonly engine: Engine;
  readonly query: ScanQuery;
  readonly signal: AbortSignal | undefined;
}
