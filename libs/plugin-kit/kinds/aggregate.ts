import type { EventSelection, SearchStats } from './search.js';
import { TierError } from './tier.errors.js';
import type { StorageTier } from './tier.js';

/**
 * One figure of each bucket. Fields are looked up as in a filter; an event without the field, or whose value isn't a
 * number where one is asked for, has no part in it.
 */
export type Metric =
  /** Events; with a field: events that have it. */
  | { readonly name: string; readonly function: 'count'; readonly field?: string | undefined }
  /** Of numbers; `min` and `max` of times too. */
  | { readonly name: string; readonly function: 'sum' | 'avg' | 'min' | 'max'; readonly field: string }
  /** Distinct values. Where it isn't `exact`, within 2 % and of bounded memory. */
  | { readonly name: string; readonly function: 'unique'; readonly field: string; readonly exact: boolean }
  /** `percentile` in (0, 100). From a sketch of bounded memory. */
  | {
      readonly name: string;
      readonly function: 'percentile';
      readonly field: string;
      readonly percentile: number;
    };

/** What is to be computed of the selected events, over all streams as over one table. */
export interface AggregateQuery extends EventSelection {
  /** At least one; their names differ. */
  readonly metrics: readonly Metric[];
  /** Fields whose values make the groups; an absent field is a group of its own, null. */
  readonly groupBy: readonly string[];
  /** Seconds of a bucket, aligned to the epoch; undefined for one bucket over the whole range. */
  readonly intervalSeconds?: number;
  /** Whether intervals without an event get a bucket too, for each group of the answer. */
  readonly fill: boolean;
  /** Most groups; the first by `orderBy` over the whole range. */
  readonly limit: number;
  /** The metric that ranks groups; equal groups are ranked by their values. */
  readonly orderBy: string;
  readonly order: 'desc' | 'asc';
}

/** A JSON value; integers beyond 2^53 are texts of their digits. */
export type GroupValue = string | number | boolean | null | object;

/** Null where no event of the bucket has a value; a time is RFC 3339. */
export type MetricValue = number | string | null;

export interface AggregateBucket {
  /** Start of the interval, nanoseconds since the epoch; it may lie before the range where the range begins inside it. */
  readonly time?: bigint;
  /** In the order of `groupBy`. Buckets of one group share it. */
  readonly group: readonly GroupValue[];
  /** In the order of `metrics`. */
  readonly values: readonly MetricValue[];
}

export interface AggregateResult {
  /** By time, then by rank of their group. */
  readonly buckets: readonly AggregateBucket[];
  /** Names of the metrics that are not exact. */
  readonly approximations: readonly string[];
  /** `roll_up` where a roll-up gave the whole minutes, and events only what no roll-up has. */
  readonly source: 'events' | 'roll_up';
  readonly stats: SearchStats;
}

/** Most buckets of one answer. */
export const MAX_BUCKETS = 100_000;

/** Computes figures over events. */
export interface AggregatingTier extends StorageTier {
  /** @throws TooManyGroupsError; TierError `query` where the question has no answer, such as a sum of texts */
  aggregate(query: AggregateQuery, signal?: AbortSignal): Promise<AggregateResult>;
}

/** The answer would have more buckets, or take more memory to make, than one question may; the message says which. */
export class TooManyGroupsError extends TierError {
  constructor(message: string, cause?: unknown) {
    super('query', message, cause);
  }
}
