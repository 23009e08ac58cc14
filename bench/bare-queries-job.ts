import type { Runs } from './time-runs.js';

/** What the bare engine is to answer, each statement several times. */
export interface BareQueriesJob extends Runs {
  /** The directory of an engine that no other process has open. */
  readonly directory: string;
  readonly statements: readonly string[];
}

/** Milliseconds of each run, by statement. */
export type BareQueriesResult = readonly (readonly number[])[];
