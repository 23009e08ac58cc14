import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { BlockGatherer, EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { ARCHIVES_API_PROVIDERS, ARCHIVES_CONTROLLERS } from './archives/archives.providers.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { Refusals } from './audit/refusals.js';
import { BackupsController } from './backups/backups.controller.js';
import { BackupsService } from './backups/backups.service.js';
import { DiskController } from './disk/disk.controller.js';
import { DiskParts } from './disk/disk-parts.js';
import { ConsoleController } from './console/console.controller.js';
import { EnrichmentsController } from './enrichments/enrichments.controller.js';
import { EnrichmentsService } from './enrichments/enrichments.service.js';
import { EventTypesController } from './event-types/event-types.controller.js';
import { EventTypesService } from './event-types/event-types.service.js';
import { ExportController } from './export/export.controller.js';
import { ExportService } from './export/export.service.js';
import { ExportSlots } from './export/export-slots.js';
import { AccessGuard } from './guarding/access-guard.js';
import { RouteTable } from './guarding/route-table.js';
import { Headroom } from './headroom/headroom.js';
import { HeadroomMetrics } from './headroom/headroom-metrics.js';
import { HealthController } from './health/health.controller.js';
import { HEALTH_PROVIDERS } from './health/health.providers.js';
import { AckMeter } from './ingest/ack-meter.js';
import { Admission } from './ingest/admission.js';
import { DiskAdmission } from './ingest/disk-admission.js';
import { DestinationFinder } from './ingest/destination-finder.js';
import { EventAppender } from './ingest/event-appender.js';
import { EventFramer } from './ingest/event-framer.js';
import { LayoutReader } from './ingest/event-layout.js';
import { IngestController } from './ingest/ingest.controller.js';
import { IngestService } from './ingest/ingest.service.js';
import { InputChecks } from './inputs/input-checks.js';
import { InputIntake } from './inputs/input-intake.js';
import { InputManager } from './inputs/input-manager.js';
import { InputMetrics } from './inputs/input-metrics.js';
import { InputRunners } from './inputs/input-runners.js';
import { InputStore } from './inputs/input-store.js';
import { InputsController } from './inputs/inputs.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { EngineMetrics } from './metrics/engine-metrics.js';
import { IngestMetrics } from './metrics/ingest-metrics.js';
import { MigrationController } from './migration/migration.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ReadyGauge } from './metrics/ready-gauge.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { DeclaredParsersController } from './parsers/declared-parsers.controller.js';
import { DeclaredParsersService } from './parsers/declared-parsers.service.js';
import { ConditionReader } from './notifiers/condition-reader.js';
import { ConditionWatch } from './notifiers/condition-watch.js';
import { NotifiersController } from './notifiers/notifiers.controller.js';
import { NotifiersService } from './notifiers/notifiers.service.js';
import { DryRunService } from './parsers/dry-run.service.js';
import { ParserCatalog } from './parsers/parser-catalog.js';
import { ParserUsers } from './parsers/parser-users.js';
import { LineSource } from './parsers/line-source.js';
import { StoredLines } from './parsers/stored-lines.js';
import { ParsersController } from './parsers/parsers.controller.js';
import { PluginsController } from './plugins/plugins.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { QuarantineActionsController } from './quarantine/quarantine-actions.controller.js';
import { QuarantineActionsService } from './quarantine/quarantine-actions.service.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineExport } from './quarantine/quarantine-export.js';
import { QuarantineSelection } from './quarantine/quarantine-selection.js';
import { RedactionsController } from './redactions/redactions.controller.js';
import { RedactionsService } from './redactions/redactions.service.js';
import { HoldsController } from './retention/holds.controller.js';
import { RetentionController } from './retention/retention.controller.js';
import { RetentionPoliciesController } from './retention/policies.controller.js';
import { RETENTION_API_PROVIDERS } from './retention/retention.providers.js';
import { LineJudge } from './routing/line-judge.js';
import { RequestRouter } from './routing/request-router.js';
import { RoutingCounters } from './routing/routing-counters.js';
import { RoutingDryRun } from './routing/routing-dry-run.js';
import { RuleChecks } from './routing/rule-checks.js';
import { RulesController } from './routing/rules.controller.js';
import { RulesService } from './routing/rules.service.js';
import { ReceiptDesk } from './receipts/receipt-desk.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { AggregateController } from './search/aggregate.controller.js';
import { AggregateService } from './search/aggregate.service.js';
import { FieldsController } from './search/fields.controller.js';
import { FieldsService } from './search/fields.service.js';
import { ContextService } from './search/context.service.js';
import { ArchiveSpanningTiers } from './search/archive-spanning-tiers.js';
import { ArchivedEvents } from './search/archived-events.js';
import { DaysInSearch } from './search/days-in-search.js';
import { CopiedEvents } from './search/copied-events.js';
import { EventSearcher } from './search/event-searcher.js';
import { LogsController } from './search/logs.controller.js';
import { LogsService } from './search/logs.service.js';
import { QuestionRunner } from './search/question-runner.js';
import { SearchSlots } from './search/search-slots.js';
import { SelectionReader } from './search/selection-reader.js';
import { SharedWork } from './search/shared-work.js';
import { StreamSelector } from './search/stream-selector.js';
import { TailController } from './tail/tail.controller.js';
import { TAIL_PROVIDERS } from './tail/tail.providers.js';
import { SettingsController } from './settings/settings.controller.js';
import { SettingsService } from './settings/settings.service.js';
import { StreamsController } from './streams/streams.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { ReparseController } from './workbench/reparse.controller.js';
import { ReparsePlanner } from './workbench/reparse-planner.js';
import { StoredSpan } from './workbench/stored-span.js';
import { ReparseService } from './workbench/reparse.service.js';
import { ShadowsController } from './workbench/shadows.controller.js';
import { VersionDiffService } from './workbench/version-diff.service.js';
import { VersionFinder } from './workbench/version-finder.js';
import { VersionsController } from './workbench/versions.controller.js';

const CONTROLLERS = [
  ExportController,
  AggregateController,
  ...ARCHIVES_CONTROLLERS,
  AuditController,
  BackupsController,
  ConsoleController,
  DeclaredParsersController,
  DiskController,
  EnrichmentsController,
  EventTypesController,
  FieldsController,
  HealthController,
  HoldsController,
  IngestController,
  InputsController,
  JobsController,
  KeysController,
  LedgerController,
  LogsController,
  MetricsController,
  MigrationController,
  NotifiersController,
  ParsersController,
  PluginsController,
  QuarantineActionsController,
  QuarantineController,
  ReceiptsController,
  RedactionsController,
  ReparseController,
  RetentionController,
  RetentionPoliciesController,
  RulesController,
  SettingsController,
  ShadowsController,
  StreamsController,
  TailController,
  TenantsController,
  VersionsController,
];

const PROVIDERS = [
  { provide: APP_FILTER, useClass: ProblemFilter },
  {
    provide: BlockGatherer,
    inject: [EVENT_BUS],
    useFactory: (bus: InspectableEventBus) => new BlockGatherer(bus),
  },
  AccessGuard,
  AckMeter,
  ...[Admission, DiskAdmission],
  AggregateService,
  ...ARCHIVES_API_PROVIDERS,
  ...[AuditService, BackupsService],
  ConditionReader,
  ConditionWatch,
  ContextService,
  DeclaredParsersService,
  DestinationFinder,
  DiskParts,
  DryRunService,
  EngineMetrics,
  ReadyGauge,
  EnrichmentsService,
  EventAppender,
  EventFramer,
  ArchiveSpanningTiers,
  ArchivedEvents,
  DaysInSearch,
  CopiedEvents,
  EventSearcher,
  EventTypesService,
  FieldsService,
  ExportService,
  ExportSlots,
  Headroom,
  HeadroomMetrics,
  ...HEALTH_PROVIDERS,
  IngestMetrics,
  IngestService,
  InputChecks,
  InputIntake,
  InputManager,
  InputMetrics,
  InputRunners,
  InputStore,
  LayoutReader,
  LineJudge,
  LineSource,
  LogsService,
  ParserCatalog,
  NotifiersService,
  ParserUsers,
  QuarantineActionsService,
  QuarantineExport,
  QuarantineSelection,
  ReparsePlanner,
  StoredSpan,
  ReparseService,
  QuestionRunner,
  ReceiptDesk,
  RedactionsService,
  Refusals,
  RequestMetrics,
  RequestRouter,
  ...RETENTION_API_PROVIDERS,
  RouteTable,
  RoutingCounters,
  RoutingDryRun,
  RuleChecks,
  RulesService,
  SearchSlots,
  SelectionReader,
  SettingsService,
  SharedWork,
  StoredLines,
  StreamSelector,
  ...TAIL_PROVIDERS,
  VersionDiffService,
  VersionFinder,
];

/**
 * The HTTP API. Needs what `API_NEEDS` lists from global modules,
 * and `configureApi` on the application.
 */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: CONTROLLERS,
  providers: PROVIDERS,
})
export class ApiModule {}
