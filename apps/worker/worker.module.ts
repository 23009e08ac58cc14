import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { deriveBudgets, resolveMemoryLimit, RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { ArchivedUnits } from '#archived-units';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { Enrichments } from '#enrichment';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { JOB_QUEUE, type InspectableJobQueue, type RunningJob } from '#job-queue';
import { BlockOutcomes, LedgerWriter } from '#ledger';
import { FaultPoints, HealthState, LOGGER, METRICS } from '#observability';
import { PLUGIN_REGISTRY, PluginCatalog, type PluginRegistry } from '#plugin-host';
import { RedactionRules } from '#redaction';
import { CopiesDue, STORED_NOTICES, StreamRegistry, TierRegistry, type StoredNotices } from '#storage-tier';
import { ARCHIVE_PROVIDERS } from './archive/archive.providers.js';
import { COMPACTION_PROVIDERS } from './archive/compaction.providers.js';
import { LEGAL_HOLDS } from './archive/legal-holds.provider.js';
import { BACKUP_PROVIDERS } from './backup/backup.providers.js';
import { BLOCK_PIPELINE, BlocksConsumer } from './consumers/blocks.consumer.js';
import { EventBusStrategy } from './consumers/event-bus.strategy.js';
import { COPY_PROVIDERS } from './copies/copies.providers.js';
import { EventTypeUpgrades } from './jobs/event-type-upgrades.js';
import { RollUpCheckJob } from './jobs/roll-up-check.js';
import { BlockParser } from './pipeline/block-parser.js';
import { buildPipeline } from './pipeline/build-pipeline.js';
import { LiveParser } from './pipeline/live-parser.js';
import { ParserFailures } from './pipeline/parser-failures.js';
import { QuarantineJob } from './quarantine/quarantine-job.js';
import { QuarantineMover } from './quarantine/quarantine-mover.js';
import { QUARANTINE_MOVE, QUARANTINE_PROVIDERS } from './quarantine/quarantine.providers.js';
import { RemovalSettler } from './retention/removal-settler.js';
import { APPLY_PLAN } from './retention/apply-plan.providers.js';
import { RETENTION_PROVIDERS } from './retention/retention.providers.js';
import { RESTORE } from './restore/restore.providers.js';
import { REPARSE_PROVIDERS } from './reparse/reparse.providers.js';
import { BESIDE_OTHERS } from './seat/beside-others.providers.js';
import { WorkerSeats } from './seat/worker-seats.js';
import { batchBytes } from './writers/batch-bytes.js';
import { BatchWriter } from './writers/batch-writer.js';
import { ClientIdIndex } from './writers/client-id-index.js';
import { WriteMetrics } from './writers/write-metrics.js';
import { WriterPool, type WriterPoolParts } from './writers/writer-pool.js';

const WRITE_LIMITS = Symbol('WRITE_LIMITS');
/** Replays and resolves that run side by side; each stream's rows wait for its writer anyway. */
const MOVES_AT_ONCE = 2;

/** The settings of writers, held to what the engine's memory does for. */
const writeLimits = {
  provide: WRITE_LIMITS,
  inject: [RunTimeSettings, SETTINGS],
  useFactory: (settings: RunTimeSettings, { boot }: Settings): WriterPoolParts['settings'] => {
    const { engineBytes } = deriveBudgets(resolveMemoryLimit(boot.memoryLimit));
    return () => ({
      ...settings.current,
      flushBytes: batchBytes(settings.current.flushBytes, engineBytes),
    });
  },
};

/** Everything that writers need besides their lanes. */
const writers = {
  provide: WriterPool,
  inject: [
    ...[CATALOGUE, BatchWriter, QuarantineMover, RemovalSettler],
    ...[EVENT_BUS, WRITE_LIMITS, LOGGER, HealthState, TierRegistry],
    { token: WorkerSeats, optional: true },
  ],
  useFactory: (
    catalogue: Catalogue,
    writer: BatchWriter,
    ...[mover, settler, bus, limits, logger, health, tiers, seats]: [
      QuarantineMover,
      RemovalSettler,
      InspectableEventBus,
      WriterPoolParts['settings'],
      Logger,
      HealthState,
      TierRegistry,
      WorkerSeats?,
    ]
  ) =>
    new WriterPool({
      catalogue,
      writer,
      mover,
      settle: (stream) => settler.settle(stream),
      settled: (stream) => tiers.primary.count(stream),
      prepare: (stream) => tiers.primary.prepare(stream),
      ...(seats && { rests: seats.rests }),
      settings: limits,
      isPending: (blocks) => bus.pendingEvents(blocks) > 0,
      logger,
      failed: () => health.register('writers', async () => ({ status: 'down', detail: { ended: true } })),
    }),
};

const batchWriter = {
  provide: BatchWriter,
  inject: [
    ...[TierRegistry, ClientIdIndex, ArchivedUnits, BlockOutcomes, LedgerWriter],
    ...[LOGGER, FaultPoints, STORED_NOTICES, METRICS, CopiesDue],
  ],
  useFactory: (
    tiers: TierRegistry,
    ids: ClientIdIndex,
    ...[archived, outcomes, ledger, logger, faults, notices, metrics, due]: [
      ArchivedUnits,
      BlockOutcomes,
      LedgerWriter,
      Logger,
      FaultPoints,
      StoredNotices,
      Registry,
      CopiesDue,
    ]
  ) =>
    new BatchWriter({
      ...{ tier: tiers.primary, ids, archived, outcomes, ledger, due, logger, notices, reach: faults.reach },
      timed: new WriteMetrics(metrics).timed,
    }),
};

const blockParser = {
  provide: BlockParser,
  inject: [PLUGIN_REGISTRY, LOGGER, METRICS],
  useFactory: (plugins: PluginRegistry, logger: Logger, metrics: Registry) =>
    new BlockParser(plugins.parsers, new ParserFailures(logger, metrics).report),
};

const blockPipeline = {
  provide: BLOCK_PIPELINE,
  inject: [StreamRegistry, LiveParser, RedactionRules, Enrichments, WriterPool],
  useFactory: (
    streams: StreamRegistry,
    parser: LiveParser,
    ...[redactions, enrichments, pool]: [RedactionRules, Enrichments, WriterPool]
  ) => buildPipeline(streams, parser, redactions, enrichments, pool),
};

const liveParser = {
  provide: LiveParser,
  inject: [BlockParser, PluginCatalog, RedactionRules],
  useFactory: (parser: BlockParser, { shadows }: PluginCatalog, redactions: RedactionRules) =>
    new LiveParser(parser, shadows, redactions),
};

/**
 * The role `worker`: takes blocks off the bus and stores them. Needs the bus, the catalogue, the job queue, the ledger,
 * the settings, the metrics, the registries of streams and tiers, the notices of what is stored, redaction, enrichment
 * and the plugins from global modules.
 */
@Module({
  controllers: [BlocksConsumer],
  providers: [
    batchWriter,
    blockParser,
    blockPipeline,
    liveParser,
    writeLimits,
    writers,
    ...QUARANTINE_PROVIDERS,
    ...REPARSE_PROVIDERS,
    ...ARCHIVE_PROVIDERS,
    ...COMPACTION_PROVIDERS,
    LEGAL_HOLDS,
    ...RETENTION_PROVIDERS,
    ...BACKUP_PROVIDERS,
    ...BESIDE_OTHERS,
    ...APPLY_PLAN,
    RESTORE,
    EventTypeUpgrades,
    RollUpCheckJob,
    ...COPY_PROVIDERS,
    {
      provide: ClientIdIndex,
      inject: [CATALOGUE, RunTimeSettings],
      useFactory: (catalogue: Catalogue, settings: RunTimeSettings) =>
        new ClientIdIndex(catalogue, () => settings.current.clientIdsWindowDays),
    },
    {
      provide: EventBusStrategy,
      inject: [EVENT_BUS, WriterPool],
      useFactory: (bus: InspectableEventBus, pool: WriterPool) => new EventBusStrategy(bus, pool),
    },
  ],
})
export class WorkerModule implements OnApplicationBootstrap {
  constructor(
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
    private readonly rollUps: RollUpCheckJob,
    private readonly ids: ClientIdIndex,
    private readonly quarantine: QuarantineJob,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.process('roll-ups.check', (job) => this.rollUps.run(job.signal));
    this.queue.process('client-ids.expire', async (job) => {
      await this.ids.expire(job.signal);
    });
    const moves = (job: RunningJob): Promise<void> => this.quarantine.run(job);
    this.queue.process(QUARANTINE_MOVE, moves, { concurrency: MOVES_AT_ONCE });
  }
}
