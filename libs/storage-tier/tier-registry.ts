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
  SavableTier,
  ScanningTier,
  SearchableTier,
  StorageTier,
  TierContext,
  TierPlugin,
  WritableTier,
} from '#plugin-kit';
import { ARCHIVE_TIER, FIRST_TIER } from '#retention-policy';
import { bothTiers, type BothTiers } from './united/tier-powers.js';
import { UnitedTier } from './united/united-tier.js';

/** A tier that takes events and keeps what the ledger and the repair need. */
export type PrimaryTier = WritableTier & RollUpTier & CountingTier;

/** A tier that takes events, and works on what it refused. */
export type ReplayingTier = WritableTier & RollUpTier & QuarantineTier;

/** The tiers that this process runs, found by what they can do. */
export class TierRegistry {
  /** What can do something: the tiers, or where events are kept in two of them, both as one. */
  readonly #able: readonly StorageTier[];
  /** The stores, one by one, where there are two of them; undefined where none keeps documents. */
  readonly both: BothTiers | undefined;

  /** @param directories of the tiers' own */
  constructor(
    readonly tiers: readonly StorageTier[],
    private readonly directories: readonly string[] = [],
  ) {
    this.both = bothTiers(tiers);
    this.#able = this.both ? [new UnitedTier(this.both.search, this.both.documents)] : tiers;
  }

  /** Whether there is a tier for streams that are kept as documents. */
  get hasDocuments(): boolean {
    return this.both !== undefined;
  }

  /** Opens every tier, each in a directory of its own. */
  static async open(
    plugins: readonly TierPlugin[],
    contextOf: (plugin: TierPlugin) => TierContext,
  ): Promise<TierRegistry> {
    const contexts = plugins.map(contextOf);
    const tiers = plugins.map((plugin, n) => plugin.create(contexts[n] as TierContext));
    return new TierRegistry(
      await Promise.all(tiers),
      contexts.map(({ dataDirectory }) => dataDirectory),
    );
  }

  /** The names by which retention policies know the tiers that there are. */
  get retentionTiers(): readonly string[] {
    const hasFirst = this.tiers.some((tier) => 'insert' in tier && 'search' in tier);
    const hasArchive = this.tiers.some((tier) => 'exportUnit' in tier);
    return [...(hasFirst ? [FIRST_TIER] : []), ...(hasArchive ? [ARCHIVE_TIER] : [])];
  }

  /** The tier that events are written to. */
  get primary(): PrimaryTier {
    return this.#withPower<PrimaryTier>(['insert', 'present', 'rebuildRollUps', 'countByMinute']);
  }

  /** The tier that events are written to, where it can work on its quarantine. */
  get replaying(): ReplayingTier {
    return this.#withPower<ReplayingTier>(['insert', 'judge', 'removeRefused', 'rebuildRollUps']);
  }

  /** The tier that tells what is in quarantine. */
  get quarantine(): QuarantineTier {
    return this.#withPower<QuarantineTier>(['countRefused', 'scanRefused', 'refusedPlaces']);
  }

  /** The tier that events are written to, where it can read anew what it has stored. */
  get rewriting(): RewritingTier {
    return this.#withPower<RewritingTier>(['storedParts', 'rewrite', 'finishRewrite']);
  }

  /** The tier that events are written to, where it can remove what a policy no longer keeps. */
  get retaining(): RetainingTier & RollUpTier {
    return this.#withPower<RetainingTier & RollUpTier>(['storedUnits', 'removeUnit', 'rebuildRollUps']);
  }

  /** The tier that events are written to, where it can write a day into files of an archive. */
  get exporting(): ExportingTier & RetainingTier {
    return this.#withPower<ExportingTier & RetainingTier>(['exportUnit', 'fingerprintFile', 'countUnit']);
  }

  /** The tier that has streams that are made of archives. */
  get restoring(): RestoringTier & RetainingTier & RollUpTier {
    return this.#withPower<RestoringTier & RetainingTier & RollUpTier>([
      'checkColumns',
      'restoreUnit',
      'removeStream',
    ]);
  }

  /** The tier that answers searches. */
  get searchable(): SearchableTier {
    return this.#withPower<SearchableTier>(['search', 'find', 'quarantine']);
  }

  /** The tier that computes figures over events. */
  get aggregating(): AggregatingTier {
    return this.#withPower<AggregatingTier>(['aggregate']);
  }

  /** The tier that says which fields events have. */
  get describing(): FieldsTier {
    return this.#withPower<FieldsTier>(['fields']);
  }

  /** The tier that gives back everything. */
  get scanning(): ScanningTier {
    return this.#withPower<ScanningTier>(['scan']);
  }

  /** The tier that gives back events by the blocks that they came in. */
  get blockReading(): BlockReadingTier {
    return this.#withPower<BlockReadingTier>(['readBlocks', 'countBlocks']);
  }

  /** The tier that makes Parquet files. */
  get parquet(): ParquetTier {
    return this.#withPower<ParquetTier>(['exportParquet']);
  }

  /** Every tier with the directory that it keeps everything in; each must be one that can be saved. */
  get savable(): readonly { readonly tier: SavableTier; readonly directory: string }[] {
    return this.tiers.map((tier, n) => {
      if (!isSavable(tier)) throw new Error(`The storage tier ${tier.name} can't be saved.`);
      return { tier, directory: this.directories[n] ?? '' };
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.tiers.map((tier) => tier.stop()));
  }

  #withPower<T extends StorageTier>(methods: readonly (keyof T & string)[]): T {
    const tier = this.#able.find((candidate) => methods.every((method) => method in candidate));
    if (!tier) throw new Error(`No storage tier can ${methods.join(', ')}: a tier plugin is missing.`);
    return tier as T;
  }
}

function isSavable(tier: StorageTier): tier is SavableTier {
  return 'saveTo' in tier;
}
