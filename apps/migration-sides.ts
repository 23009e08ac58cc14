import { access, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { ArchiveEncryption } from '#archive-encryption';
import { openSigningKey } from '#archive-format';
import { ARCHIVE_STORAGE, type ArchiveStorage } from '#archive-storage';
import { ArchivedUnits } from '#archived-units';
import { readVersion } from '#app-config/version';
import { CATALOGUE, isListableCatalogue, type Catalogue } from '#catalogue';
import { DATA_FORMAT, readDataFormat } from '#data-format';
import { DirectoryLock, EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { MigrationError } from '#migration';
import { NestLogger } from '#observability';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { RetentionPolicies } from '#retention';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { NewApplianceModule, OldApplianceModule, type MigrationSetting } from './migration.module.js';
import { LockByPolicy } from './worker/archive/lock-by-policy.js';
import { UnitArchiver } from './worker/archive/unit-archiver.js';
import type { OldAppliance } from './worker/migration/survey.js';

/** Where a move makes its files, in the data directory of the new appliance. */
const WORK = 'migration';

/** The appliance that is moved, opened and locked. */
export interface OldSide extends OldAppliance {
  readonly directory: string;
  readonly tiers: TierRegistry;
  readonly plugins: PluginRegistry;
  close(): Promise<void>;
}

/** The appliance that goes on. */
export interface NewSide {
  readonly catalogue: Catalogue;
  readonly archived: ArchivedUnits;
  readonly storage: ArchiveStorage;
  readonly encryption: ArchiveEncryption;
  close(): Promise<void>;
}

/** Where the files of a move are made. */
export function workDirectoryOf(dataDir: string): string {
  return join(resolve(dataDir), WORK);
}

/**
 * Opens the old data directory, which nobody else may have open.
 *
 * @throws MigrationError `migration_refused`, EventBusError `directory_in_use`, DataFormatError
 */
export async function openOldSide(directory: string, setting: MigrationSetting): Promise<OldSide> {
  await refuseOtherDirectories(directory);
  const lock = await DirectoryLock.acquire(directory);
  try {
    await rm(setting.workDirectory, { recursive: true, force: true });
    await mkdir(setting.workDirectory, { recursive: true, mode: 0o700 });
    const context = await openContext(OldApplianceModule.register(directory, setting), setting);
    const catalogue = context.get<Catalogue>(CATALOGUE);
    if (!isListableCatalogue(catalogue)) throw new Error('The old catalogue is not in its directory.');
    const tiers = context.get(TierRegistry);
    const parts = {
      catalogue,
      bus: context.get<InspectableEventBus>(EVENT_BUS),
      streams: context.get(StreamRegistry),
    };
    return {
      ...{ directory, tiers, ...parts, plugins: context.get<PluginRegistry>(PLUGIN_REGISTRY) },
      tier: () => ({
        storedUnits: (stream) => tiers.retaining.storedUnits(stream),
        countQuarantine: (tenant) => tiers.primary.countQuarantine(tenant),
      }),
      async close() {
        await context.close();
        await rm(setting.workDirectory, { recursive: true, force: true });
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * Opens what settings name; waits for servers that are out.
 *
 * @param isForGood whether the data directory that settings name is to be that of this appliance from now on
 */
export async function openNewSide(setting: MigrationSetting, isForGood: boolean): Promise<NewSide> {
  const context = await openContext(NewApplianceModule.register(setting, { isForGood }), setting);
  return {
    catalogue: context.get<Catalogue>(CATALOGUE),
    archived: context.get(ArchivedUnits),
    storage: context.get<ArchiveStorage>(ARCHIVE_STORAGE),
    encryption: context.get(ArchiveEncryption),
    close: () => context.close(),
  };
}

/** Copies units of the old tables into the archive of the new appliance, signed as the old one would have. */
export function archiverBetween(
  old: OldSide,
  { archived, catalogue, encryption, storage }: NewSide,
  { logger, reach, settings, workDirectory }: MigrationSetting,
): UnitArchiver {
  return new UnitArchiver({
    tier: () => old.tiers.exporting,
    ...{ storage, encryption, logger, reach },
    // What is announced is deleted by the new appliance's own runs, which know nothing of this one. The same events are the
    // same object: what a killed process put is met again.
    archived: { announce: () => Promise.resolve(), commit: (...copy) => archived.commit(...copy) },
    copies: { sweep: () => Promise.resolve(), settled: () => Promise.resolve() },
    lock: new LockByPolicy(new RetentionPolicies(catalogue)),
    signingKey: () => openSigningKey(join(settings.boot.dataDir, 'archive-signing.pem')),
    directory: join(workDirectory, 'units'),
    version: readVersion(),
    counted: () => undefined,
  });
}

async function openContext(
  module: DynamicModule,
  { logger }: MigrationSetting,
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(module, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
}

async function refuseOtherDirectories(directory: string): Promise<void> {
  const refused = (why: string): MigrationError => new MigrationError('migration_refused', why);
  if (await isThere(join(directory, 'catalogue/mongodb.json')))
    throw refused(
      `The catalogue of ${directory} is on MongoDB already: its appliance only needs other settings.`,
    );
  if (!(await isThere(join(directory, 'catalogue/data.mdb'))))
    throw refused(
      `${directory} has no catalogue/data.mdb: it is not the data directory of an embedded appliance.`,
    );
  for (const [sign, what] of [
    ['bus-kafka/data.mdb', 'came over Kafka'],
    ['tiers/tier-clickhouse/server', 'are on a ClickHouse server'],
  ] as const)
    if (await isThere(join(directory, sign)))
      throw refused(
        `The events of ${directory} ${what} (${sign} says so): only an embedded appliance is moved.`,
      );
  const format = await readDataFormat(directory, { forMigration: true });
  if (format !== DATA_FORMAT)
    throw refused(
      `${directory} has the format ${format ?? 1}, and this version writes ${DATA_FORMAT}: start the old appliance once with this version, and stop it again.`,
    );
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
