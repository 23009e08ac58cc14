import type {
  AggregatingTier,
  BlockReadingTier,
  CountingTier,
  ExportingTier,
  FieldsTier,
  ParquetTier,
  QuarantineTier,
  RestoringTier,
  RetainingTier,
  RewritingTier,
  RollUpTier,
  ScanningTier,
  SearchableTier,
  StreamSpec,
  WritableTier,
} from '#plugin-kit';

/** A tier with every power that the contract holds it to. */
export type ContractTier = WritableTier &
  RollUpTier &
  CountingTier &
  SearchableTier &
  AggregatingTier &
  FieldsTier &
  ScanningTier &
  BlockReadingTier &
  ParquetTier &
  QuarantineTier &
  RewritingTier &
  RetainingTier &
  RestoringTier &
  ExportingTier;

/** One tier under test. Its engine may have data of other cases, of other tenants. */
export interface TierHarness {
  readonly tier: ContractTier;
  /** The name of a tenant that has nothing yet; so has any name that begins with it. */
  readonly tenant: string;
  /** Stops the tier and opens it again over its data; the old one is not used any more. */
  reopen(): Promise<ContractTier>;
  /** Makes the stream's roll-ups of that day (`YYYYMMDD`) differ from its events, behind the tier's back. */
  spoilRollUps(stream: StreamSpec, day: number): Promise<void>;
  /** Stops what was opened, or hands it to the next case. */
  stop(): Promise<void>;
}

/** Which sentence of the port a case holds a tier to. */
export type TierPromise =
  | 'prepare'
  | 'place'
  | 'repeat'
  | 'skip'
  | 'read-back'
  | 'client-ids'
  | 'refuse'
  | 'counts'
  | 'roll-ups'
  | 'filter'
  | 'bounds'
  | 'page'
  | 'find'
  | 'groups'
  | 'series'
  | 'minutes'
  | 'fields'
  | 'quarantine'
  | 'refused'
  | 'rewrite'
  | 'retention'
  | 'archive'
  | 'restore'
  | 'text'
  | 'scan'
  | 'blocks'
  | 'parquet'
  | 'tenants'
  | 'durable'
  | 'stop';

export interface TierCase {
  readonly promise: TierPromise;
  readonly name: string;
  /** How a ClickHouse server meets it and, where the power is one of its own, a documents tier. */
  readonly distributed: string;
  /** Rejects where the promise is broken. */
  run(harness: TierHarness): Promise<void>;
}
