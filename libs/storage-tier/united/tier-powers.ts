import type {
  AggregatingTier,
  BlockReadingTier,
  CopyingTier,
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
  StorageTier,
  StreamSpec,
  WritableTier,
} from '#plugin-kit';

/** What a tier can do that keeps events as documents. */
export type DocumentsTier = WritableTier &
  RollUpTier &
  CountingTier &
  SearchableTier &
  AggregatingTier &
  ScanningTier &
  BlockReadingTier &
  QuarantineTier &
  RetainingTier;

/** What the search tier can do. */
export type SearchTier = DocumentsTier &
  FieldsTier &
  ParquetTier &
  RewritingTier &
  RestoringTier &
  ExportingTier;

/** Which store has a stream's events. */
export function isDocuments({ storedIn }: Pick<StreamSpec, 'storedIn'>): boolean {
  return storedIn === 'documents';
}

/** The tier that keeps events as documents, and the one beside it, whose events it may keep copies of. */
export interface BothTiers {
  readonly search: SearchTier;
  readonly documents: DocumentsTier & CopyingTier;
}

/** Undefined where there are not both. */
export function bothTiers(tiers: readonly StorageTier[]): BothTiers | undefined {
  const writable = tiers.filter((tier) => 'insert' in tier && 'search' in tier);
  const search = writable.find((tier) => 'exportParquet' in tier);
  const documents = writable.find((tier) => !('exportParquet' in tier));
  return (
    search && documents && { search: search as SearchTier, documents: documents as BothTiers['documents'] }
  );
}
