/** What the bare engine is to answer, each statement several times. */
export interface BareQueriesJob {
  /** The directory of an engine that no other process has open. */
  readonly directory: string;
  readonly statements: readonly string[];
  readonly warmUps: number;
  readonly runs: number;
}

/** Milliseconds of each run, by statement. */
export type BareQueriesResult = readonly (readonly number[])[];
