import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { ArchivedUnits } from '#archived-units';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { AuditRecord } from '#audit';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { JOB_QUEUE, type InspectableJobQueue, type JobQueue } from '#job-queue';
import { DiskGuard, LOGGER, METRICS } from '#observability';
import { StreamRegistry, TierRegistry, UnitRemovals } from '#storage-tier';
import { ClockGuard } from './clock/clock-guard.js';
import { LostUnits } from './drift/lost-units.js';
import { RetentionHolds } from './holds/retention-holds.js';
import { RetentionPlanner } from './plans/retention-planner.js';
import { RetentionPlans } from './plans/retention-plans.js';
import { UnitReader } from './plans/unit-reader.js';
import { RetentionPolicies } from './policies/retention-policies.js';
import { StreamClasses } from './policies/stream-classes.js';
import { RetentionRuns } from './runs/retention-runs.js';
import { RunFinisher } from './runs/run-finisher.js';
import { RunStarter } from './runs/run-starter.js';
import { DailyRun } from './schedule/daily-run.js';
import { EmergencyRun } from './schedule/emergency-run.js';
import { TenantRuns } from './schedule/tenant-runs.js';
import { PolicyRuns } from './schedule/policy-runs.js';
import { RetentionWatch } from './schedule/retention-watch.js';
import { RetentionGauges } from './status/retention-gauges.js';

const STORES: Provider[] = [RetentionPolicies, RetentionHolds, RetentionPlans, RetentionRuns].map(
  (store) => ({
    provide: store,
    inject: [CATALOGUE],
    useFactory: (catalogue: Catalogue) => new store(catalogue),
  }),
);

const CLOCK: Provider = {
  provide: ClockGuard,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new ClockGuard({ catalogue }),
};

const CLASSES: Provider = {
  provide: StreamClasses,
  inject: [RetentionPolicies, StreamRegistry],
  useFactory: (policies: RetentionPolicies, streams: StreamRegistry) =>
    new StreamClasses({ policies, streams }),
};

const UNITS: Provider = {
  provide: UnitReader,
  inject: [
    ...[TierRegistry, StreamRegistry, RetentionPolicies],
    ...[RetentionHolds, ArchivedUnits, DiskGuard, SETTINGS, RunTimeSettings],
  ],
  useFactory: (
    tiers: TierRegistry,
    streams: StreamRegistry,
    ...[policies, holds, archived, disk, { boot }, settings]: [
      RetentionPolicies,
      RetentionHolds,
      ArchivedUnits,
      DiskGuard,
      Settings,
      RunTimeSettings,
    ]
  ) =>
    new UnitReader({
      tier: () => tiers.retaining,
      ...{ streams, policies, holds, archived, disk: () => disk.state() },
      keepByDefault: boot.defaultRetention,
      graceHours: () => settings.current.archiveGraceHours,
      timeZone: () => settings.current.retentionTimeZone,
    }),
};

const PLANNER: Provider = {
  provide: RetentionPlanner,
  inject: [TierRegistry, UnitReader, ClockGuard],
  useFactory: (tiers: TierRegistry, units: UnitReader, clock: ClockGuard) =>
    new RetentionPlanner({ tier: () => tiers.retaining, units, clock }),
};

const STARTER: Provider = {
  provide: RunStarter,
  inject: [RetentionPolicies, RetentionRuns, ClockGuard, JOB_QUEUE],
  useFactory: (policies: RetentionPolicies, runs: RetentionRuns, ...[clock, queue]: [ClockGuard, JobQueue]) =>
    new RunStarter({ policies, runs, clock, queue }),
};

const FINISHER: Provider = {
  provide: RunFinisher,
  inject: [TierRegistry, StreamRegistry, RetentionPlans, RetentionRuns, AuditRecord, CATALOGUE],
  useFactory: (
    tiers: TierRegistry,
    streams: StreamRegistry,
    ...[plans, runs, audit, catalogue]: [RetentionPlans, RetentionRuns, AuditRecord, Catalogue]
  ) => {
    const removals = new UnitRemovals(catalogue);
    const forget = (tenant: string, order: string): Promise<void> => removals.forget(tenant, order);
    return new RunFinisher({ tier: () => tiers.retaining, streams, plans, runs, audit, forget });
  },
};

const LOST: Provider = {
  provide: LostUnits,
  inject: [CATALOGUE, RetentionRuns, ArchivedUnits],
  useFactory: (catalogue: Catalogue, runs: RetentionRuns, archived: ArchivedUnits) =>
    new LostUnits({ catalogue, runs, archived }),
};

const GAUGES: Provider = {
  provide: RetentionGauges,
  inject: [METRICS, UnitReader, RetentionRuns, LostUnits, StreamRegistry],
  useFactory: (
    metrics: Registry,
    units: UnitReader,
    ...[runs, lost, streams]: [RetentionRuns, LostUnits, StreamRegistry]
  ) =>
    new RetentionGauges({ metrics, units, runs, lost, tenants: async () => [...(await streams.tenants())] }),
};

const TENANT_RUNS: Provider = {
  provide: TenantRuns,
  inject: [RetentionPlanner, RetentionPlans, RetentionRuns, RunStarter, LOGGER],
  useFactory: (
    planner: RetentionPlanner,
    plans: RetentionPlans,
    ...[runs, starter, logger]: [RetentionRuns, RunStarter, Logger]
  ) => new TenantRuns({ planner, plans, runs, starter, logger }),
};

const DAILY: Provider = {
  provide: DailyRun,
  inject: [CATALOGUE, TenantRuns, RunTimeSettings],
  useFactory: (catalogue: Catalogue, tenants: TenantRuns, settings: RunTimeSettings) =>
    new DailyRun({
      ...{ catalogue, tenants },
      daily: () => {
        const { retentionRunAt: at, retentionTimeZone: zone } = settings.current;
        return at === 'off' ? undefined : { at, zone };
      },
    }),
};

const POLICY_RUNS: Provider = {
  provide: PolicyRuns,
  inject: [CATALOGUE, RetentionPolicies, RetentionRuns, TenantRuns, RunTimeSettings, LOGGER],
  useFactory: (
    catalogue: Catalogue,
    policies: RetentionPolicies,
    ...[runs, tenants, settings, logger]: [RetentionRuns, TenantRuns, RunTimeSettings, Logger]
  ) =>
    new PolicyRuns({
      ...{ catalogue, policies, runs, tenants, logger },
      zone: () => {
        const { retentionRunAt: at, retentionTimeZone: zone } = settings.current;
        return at === 'off' ? undefined : zone;
      },
    }),
};

const EMERGENCY: Provider = {
  provide: EmergencyRun,
  inject: [CATALOGUE, TenantRuns, DiskGuard, RunTimeSettings, JOB_QUEUE, LOGGER],
  useFactory: (
    catalogue: Catalogue,
    tenants: TenantRuns,
    ...[disk, settings, queue, logger]: [DiskGuard, RunTimeSettings, JobQueue, Logger]
  ) =>
    new EmergencyRun({
      ...{ catalogue, tenants, queue, logger },
      disks: async () => (await disk.look()).fileSystems,
      at: () => (settings.current.retentionRunAt === 'off' ? undefined : settings.current.diskEmergencyAt),
    }),
};

const WATCH: Provider = {
  provide: RetentionWatch,
  inject: [
    ...[ClockGuard, RetentionRuns, RunStarter, RunFinisher],
    ...[DailyRun, PolicyRuns, EmergencyRun, RetentionGauges, JOB_QUEUE, LOGGER],
  ],
  useFactory: (
    clock: ClockGuard,
    runs: RetentionRuns,
    ...[starter, finisher, daily, policies, emergency, gauges, queue, logger]: [
      RunStarter,
      RunFinisher,
      DailyRun,
      PolicyRuns,
      EmergencyRun,
      RetentionGauges,
      InspectableJobQueue,
      Logger,
    ]
  ) =>
    new RetentionWatch({ clock, runs, starter, finisher, daily, policies, emergency, gauges, queue, logger }),
};

/** What retention is made of. Each needs what is before it, and global modules. */
export const RETENTION_PROVIDERS: Provider[] = [
  ...STORES,
  ...[CLOCK, CLASSES, UNITS, PLANNER, STARTER, FINISHER],
  ...[LOST, GAUGES, TENANT_RUNS, DAILY, POLICY_RUNS, EMERGENCY, WATCH],
];

/**
 * Gives what retention is made of to every module; needs the catalogue, the audit record, the settings, the job queue and the
 * registries of streams and tiers from global modules.
 */
@Module({})
export class RetentionModule {
  static register(): DynamicModule {
    return {
      module: RetentionModule,
      global: true,
      providers: RETENTION_PROVIDERS,
      exports: [...RETENTION_PROVIDERS],
    };
  }
}
