import { join } from 'node:path';
import { Global, Module, type InjectionToken, type Provider, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { Access, KeyRing, TenantRegistry } from '#access';
import { loadSettings, RunTimeSettings, SETTINGS, type RunTimeValues } from '#app-config';
import { ArchiveEncryption, NO_ENCRYPTION } from '#archive-encryption';
import { ARCHIVE_STORAGE, AttachablePlaces, LocalObjects, type AttachablePlace } from '#archive-storage';
import { ArchivedUnitsModule } from '#archived-units';
import { AuditRecord } from '#audit';
import { BackupOrders, Backups } from '#backup';
import { CATALOGUE } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { EnrichmentFiles, Enrichments } from '#enrichment';
import { EVENT_BUS } from '#event-bus';
import type { EventTypeDeclaration } from '#event-model';
import { JobQueueModule } from '#job-queue';
import {
  BlockOutcomes,
  Ledger,
  type LedgerLines,
  QuarantineActions,
  ReceiptReader,
  ReceiptSigner,
} from '#ledger';
import { Notifiers } from '#notification';
import { dataPlaces, DiskGuard, diskRules, HealthState, LOGGER, METRICS } from '#observability';
import {
  createPluginRegistry,
  DeclaredParsers,
  PLUGIN_REGISTRY,
  PluginCatalog,
  type PluginRegistry,
} from '#plugin-host';
import { RedactionRules, replacementsOf } from '#redaction';
import { RetentionModule } from '#retention';
import { RoutingRules } from '#routing';
import {
  CopiesDue,
  EventTypeRegistry,
  STORED_NOTICES,
  StoredNoticesModule,
  StreamRegistry,
  TierRegistry,
  type StoredNotices,
} from '#storage-tier';
import { ApiModule } from '../api.module.js';
import { configureApi, createApiAdapter } from '../configure-api.js';
import type { TlsFiles } from '../server-options.js';
import { FakeAccess } from './fake-access.js';
import { FakeObjects } from './fake-objects.js';
import { FakeEventBus } from './fake-event-bus.js';
import { FakeKeyRing } from './fake-key-ring.js';
import { FakeSettingsStore } from './fake-settings-store.js';
import { FakeTier } from './fake-tier.js';

const LOG_TYPE: EventTypeDeclaration = {
  name: 'log',
  title: 'Log record',
  description: 'A log record.',
  fields: [],
  sortBy: [],
  rollUps: [],
  example: { message: 'hello' },
};

export interface TestApiOptions {
  readonly settings?: Partial<RunTimeValues>;
  readonly docs?: boolean;
  /** Default: one that is not there. */
  readonly dataDir?: string;
  /** Default: none. The type `log` is there in any case. */
  readonly plugins?: PluginRegistry;
  /** As the environment names them; default: none. */
  readonly trustedKeys?: string;
  readonly tls?: TlsFiles;
  /** Controllers of the test's own. */
  readonly controllers?: readonly Type[];
}

/** The whole API over fakes of its ports; nothing listens, requests are injected. */
export async function startTestApi(options: TestApiOptions = {}) {
  const fakes = createFakes(options);
  const app = await createApplication(fakes, options);
  configureApi(app, { docs: options.docs ?? false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await fakes.settings.start();
  fakes.health.markStarted();
  const notices = app.get<StoredNotices>(STORED_NOTICES);
  return { ...fakes, app, notices, inject: app.inject.bind(app), stop: () => app.close() };
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

function createFakes({
  settings = {},
  plugins = createPluginRegistry([]),
  dataDir = 'none',
  trustedKeys = '',
}: TestApiOptions) {
  const catalogue = new MemoryCatalogue();
  const audit = new AuditRecord({ catalogue });
  // Each look at the disk is a fresh one.
  const clock = { ms: 0 };
  const disk = { freeBytes: 1e12, totalBytes: 2e12 };
  const started = loadSettings({
    env: { ALLUVIUM_DATA_DIR: dataDir, ALLUVIUM_ARCHIVE_TRUSTED_KEYS: trustedKeys },
    readText: () => '',
  });
  const defaults = { ...started.runTime, ...settings };
  const store = new FakeSettingsStore();
  const runTime = new RunTimeSettings({ defaults, store, onRejected: () => {} });
  const metrics = new Registry();
  return {
    access: new FakeAccess(),
    audit,
    backups: new Backups({ target: '/backups', open: () => Promise.reject(new Error('no store')) }),
    bus: new FakeEventBus(),
    catalog: catalogOf(plugins, metrics),
    catalogue,
    objects: new FakeObjects(),
    places: new Map<string, AttachablePlace>(),
    disk,
    diskGuard: new DiskGuard({
      places: dataPlaces(started.boot),
      rules: () => diskRules(runTime.current),
      probe: async () => ({ device: 1, ...disk, usedBytes: disk.totalBytes - disk.freeBytes }),
      now: () => (clock.ms += 2_000),
    }),
    health: new HealthState(),
    keyRing: new FakeKeyRing(),
    ledgerLines: [] as Awaited<ReturnType<LedgerLines['read']>>,
    ledgerReads: [] as { tenant: string; from: number; to: number }[],
    metrics,
    plugins,
    settings: runTime,
    started: { ...started, runTime: defaults },
    settingsStore: store,
    tier: new FakeTier(),
  };
}

type Fakes = ReturnType<typeof createFakes>;

async function createApplication(fakes: Fakes, { controllers = [], tls }: TestApiOptions) {
  @Global()
  @Module({ providers: providersOf(fakes), exports: providersOf(fakes) })
  class FakesModule {}

  const testing = Test.createTestingModule({
    imports: [
      FakesModule,
      StoredNoticesModule.register(),
      JobQueueModule.register(),
      ArchivedUnitsModule.register(),
      RetentionModule.register(),
      ApiModule,
    ],
    controllers: [...controllers],
  });
  const module = await testing.compile();
  return module.createNestApplication<NestFastifyApplication>(createApiAdapter(tls), {
    bodyParser: false,
    logger: false,
  });
}

function providersOf(fakes: Fakes): Provider[] {
  const { catalogue, bus } = fakes;
  const outcomes = new BlockOutcomes(catalogue);
  const eventTypes = new EventTypeRegistry(catalogue, new Map([[LOG_TYPE.name, LOG_TYPE]]));
  const streams = new StreamRegistry(catalogue, eventTypes);
  const values: readonly (readonly [InjectionToken, unknown])[] = [
    [Access, fakes.access],
    [KeyRing, fakes.keyRing],
    [TenantRegistry, new TenantRegistry(catalogue)],
    [AuditRecord, fakes.audit],
    [ARCHIVE_STORAGE, { check: async () => {}, stop: async () => {} }],
    [ArchiveEncryption, NO_ENCRYPTION],
    [LocalObjects, fakes.objects],
    [AttachablePlaces, new AttachablePlaces(fakes.places, async () => {})],
    [CATALOGUE, catalogue],
    [EVENT_BUS, bus],
    [Backups, fakes.backups],
    [BackupOrders, { order: async () => 'job' }],
    [DiskGuard, fakes.diskGuard],
    [HealthState, fakes.health],
    [METRICS, fakes.metrics],
    [LOGGER, { info: () => undefined, warn: () => undefined, error: () => undefined }],
    [RunTimeSettings, fakes.settings],
    [SETTINGS, fakes.started],
    [ReceiptSigner, new ReceiptSigner(Buffer.alloc(32, 1))],
    [ReceiptReader, new ReceiptReader(bus, outcomes)],
    [Ledger, new Ledger(ledgerOf(fakes))],
    [RedactionRules, new RedactionRules(catalogue, replacementsOf(Buffer.alloc(32, 1)))],
    [RoutingRules, new RoutingRules(catalogue)],
    [Enrichments, enrichmentsOf(fakes)],
    [Notifiers, notifiersOf(fakes)],
    [QuarantineActions, new QuarantineActions(catalogue)],
    [EventTypeRegistry, eventTypes],
    [StreamRegistry, streams],
    [CopiesDue, new CopiesDue(catalogue)],
    [TierRegistry, new TierRegistry([fakes.tier])],
    [PluginCatalog, fakes.catalog],
    [PLUGIN_REGISTRY, { ...fakes.plugins, eventTypes: new Map([[LOG_TYPE.name, LOG_TYPE]]) }],
  ];
  const declared = {
    provide: DeclaredParsers,
    useFactory: () => DeclaredParsers.open(catalogue, fakes.plugins.parsers, { warn: () => undefined }),
  };
  return [...values.map(([provide, useValue]) => ({ provide, useValue })), declared];
}

/** Files are those in `enrichment` in the data directory. */
function enrichmentsOf({ catalogue, plugins, started }: Fakes): Enrichments {
  return new Enrichments({
    catalogue,
    enrichers: plugins.enrichers,
    files: new EnrichmentFiles(join(started.boot.dataDir, 'enrichment')),
    now: () => performance.now(),
    troubled: () => {},
  });
}

/** Notifiers that may reach everything, and have no secrets. */
function notifiersOf({ catalogue, plugins }: Fakes): Notifiers {
  return new Notifiers({
    catalogue,
    plugins: plugins.notifiers,
    context: { mayReach: () => true, readSecret: () => Promise.reject(new Error('there are no secrets')) },
    now: () => performance.now(),
    failed: () => {},
  });
}

function catalogOf(plugins: PluginRegistry, metrics: Registry): PluginCatalog {
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  return new PluginCatalog({ registry: plugins, builtIn: 'none', logger, metrics });
}

function ledgerOf({ ledgerLines, ledgerReads }: Fakes): Pick<LedgerLines, 'read'> {
  return {
    read: async (tenant, range) => {
      ledgerReads.push({ tenant, ...range });
      return [...ledgerLines];
    },
  };
}
