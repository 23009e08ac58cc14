/** What an enrichment did since the server started, in this process. */
export interface EnrichmentCounts {
  /** Events that had the field. */
  readonly looked_up: number;
  /** Of those: whose value is known. */
  readonly found: number;
  /** Whose value is not known. */
  readonly missed: number;
  /** That went on without, since there was no data or the enricher failed. */
  readonly failed: number;
  /** Fields that an event had already, and kept. */
  readonly kept: number;
  /** Fields that would not fit the event: of another type than declared, or too many. */
  readonly unfit: number;
}

/** Counts that go up. */
export type EnrichmentCounters = { -readonly [Name in keyof EnrichmentCounts]: number };

/** Counters at their beginning. */
export function newCounters(): EnrichmentCounters {
  return { looked_up: 0, found: 0, missed: 0, failed: 0, kept: 0, unfit: 0 };
}
