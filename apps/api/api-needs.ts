import type { InjectionToken } from '@nestjs/common';
import { Access, KeyRing, TenantRegistry } from '#access';
import { RunTimeSettings, SETTINGS } from '#app-config';
import { ArchiveEncryption } from '#archive-encryption';
import { ARCHIVE_STORAGE, AttachablePlaces, LocalObjects } from '#archive-storage';
import {
  ArchivedUnits,
  AttachedArchives,
  DamagedObjects,
  LegalHolds,
  RestoredStreams,
} from '#archived-units';
import { AuditRecord } from '#audit';
import { BackupOrders, Backups } from '#backup';
import { CATALOGUE } from '#catalogue';
import { Enrichments } from '#enrichment';
import { EVENT_BUS } from '#event-bus';
import { JOB_QUEUE } from '#job-queue';
import { Ledger, QuarantineActions, ReceiptReader, ReceiptSigner } from '#ledger';
import { Notifiers } from '#notification';
import { DiskGuard, HealthState, LOGGER, METRICS } from '#observability';
import { DeclaredParsers, PLUGIN_REGISTRY, PluginCatalog } from '#plugin-host';
import { RedactionRules } from '#redaction';
import {
  ClockGuard,
  LostUnits,
  RetentionHolds,
  RetentionPlanner,
  RetentionPlans,
  RetentionPolicies,
  RetentionRuns,
  RunStarter,
  StreamClasses,
  UnitReader,
} from '#retention';
import { RoutingRules } from '#routing';
import { CopiesDue, EventTypeRegistry, STORED_NOTICES, StreamRegistry, TierRegistry } from '#storage-tier';

/** What the API takes from the rest of the process; global modules provide it. */
export const API_NEEDS: readonly InjectionToken[] = [
  ARCHIVE_STORAGE,
  Access,
  ArchiveEncryption,
  ArchivedUnits,
  AttachablePlaces,
  AttachedArchives,
  AuditRecord,
  BackupOrders,
  Backups,
  CATALOGUE,
  CopiesDue,
  DamagedObjects,
  LegalHolds,
  DeclaredParsers,
  DiskGuard,
  EVENT_BUS,
  Enrichments,
  EventTypeRegistry,
  HealthState,
  JOB_QUEUE,
  KeyRing,
  LOGGER,
  Ledger,
  LocalObjects,
  METRICS,
  Notifiers,
  PLUGIN_REGISTRY,
  PluginCatalog,
  QuarantineActions,
  ReceiptReader,
  ReceiptSigner,
  RedactionRules,
  RestoredStreams,
  ...[ClockGuard, LostUnits, RetentionHolds, RetentionPlanner, RetentionPlans],
  ...[RetentionPolicies, RetentionRuns, RunStarter, StreamClasses, UnitReader],
  RoutingRules,
  RunTimeSettings,
  SETTINGS,
  STORED_NOTICES,
  StreamRegistry,
  TenantRegistry,
  TierRegistry,
];
