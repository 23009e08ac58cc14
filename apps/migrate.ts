import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { requireKeys } from '#archive-storage';
import { awaitedUnits } from '#archived-units';
import { markMigrated, unmarkMigrated } from '#data-format';
import { DirectoryLock } from '#event-bus';
import { AlluviumError } from '#event-model';
import { collectionInUse, copyCatalogue, MigrationError, Migrations, type MigrationRecord } from '#migration';
import { createLogger, FaultPoints } from '#observability';
import { archivePlace } from './archive-place.js';
import { CliError } from './cli/cli-error.js';
import type { MigrateAction, MigrateOptions } from './cli/commands/migrate/migrate.command.js';
import { EXIT } from './cli/exit-codes.js';
import { makeMigrateProgram } from './cli/program.js';
import { runCli } from './cli/run-cli.js';
import type { MigrationSetting } from './migration.module.js';
import { migrationSettings } from './migration-settings.js';
import {
  archiverBetween,
  openNewSide,
  openOldSide,
  workDirectoryOf,
  type NewSide,
  type OldSide,
} from './migration-sides.js';
import { bringRefused, requireNoEvents } from './migration-tables.js';
import { arrivedText, statusText, surveyText, SWITCHED } from './migration-texts.js';
import { shareSecrets } from './shared-secrets.js';
import { carryFiles } from './worker/migration/carry-files.js';
import { carryObjects } from './worker/migration/carry-objects.js';
import { untilMinuteIsOver } from './worker/migration/minute-over.js';
import { HistoryMover } from './worker/migration/move-history.js';
import { remadeOf } from './worker/migration/remade.js';
import { requireFree } from './worker/migration/require-free.js';
import { survey, type Survey } from './worker/migration/survey.js';

/** Files of the archive beside the tables, at most. */
const GROWTH = 1.2;
const ALIVE_MS = 60_000;

/** Runs `alluvium migrate …`. @returns the exit status */
export async function runMigrate(args: readonly string[]): Promise<number> {
  // Waiting for a server that is out keeps no process alive by itself.
  const alive = setInterval(() => undefined, ALIVE_MS);
  try {
    return (await runCli(makeMigrateProgram(migrate), args)) ?? EXIT.done;
  } finally {
    clearInterval(alive);
  }
}

async function migrate(directory: string, action: MigrateAction, options: MigrateOptions): Promise<void> {
  const settings = migrationSettings();
  const logger = createLogger('warn');
  const { reach } = new FaultPoints(settings.boot.faultPoints);
  const workDirectory = workDirectoryOf(settings.boot.dataDir);
  const move = new Move(resolve(directory), { settings, logger, reach, workDirectory });
  try {
    if (action === 'start') await (options.dryRun ? move.look(options) : move.start(options));
    else if (action === 'status') await move.status();
    else await move.end(action);
  } catch (error) {
    if (!(error instanceof AlluviumError)) throw error;
    throw new CliError(`${error.message} (${error.code})`, EXIT.failed);
  }
}

class Move {
  constructor(
    private readonly directory: string,
    private readonly setting: MigrationSetting,
  ) {}

  async look(options: MigrateOptions): Promise<void> {
    await this.#withOld(async (old) => {
      const found = await this.#survey(old, options);
      await this.#requireFit(old, found);
      const look = (side: NewSide) => this.#refuseOther(side);
      const record = await this.#withNew(look, false);
      print(record ? statusText(record, []) : 'Nothing stands in the way. Nothing was changed.\n');
    });
  }

  async start(options: MigrateOptions): Promise<void> {
    await this.#withNew(async (side) => {
      const record = await this.#refuseOther(side);
      if (record?.phase === 'backed_out')
        throw refused('It was backed out: to begin anew, name another MONGODB_DATABASE, or drop that one.');
      if (record?.phase === 'moved' || record?.phase === 'confirmed') return print(statusText(record, []));
      await this.#withOld(async (old) => {
        const switched = record?.phase === 'history' ? record : await this.#switch(old, side, options);
        await this.#moveHistory(old, side, switched);
      });
    });
  }

  async status(): Promise<void> {
    await this.#withNew(async (side) => {
      const record = await new Migrations(side.catalogue).read();
      const awaited = await awaitedUnits(side.catalogue);
      print(
        statusText(
          record,
          awaited.flatMap(({ units }) => units),
        ),
      );
    });
  }

  /** Not while another call is at work. */
  async end(action: 'confirm' | 'back-out'): Promise<void> {
    const lock = await DirectoryLock.acquire(this.directory);
    await this.#withNew(async (side) => {
      const record = await this.#refuseOther(side);
      const may = action === 'confirm' ? ['moved'] : ['catalogue', 'history', 'moved'];
      if (!record || !may.includes(record.phase))
        throw refused(`This can not be done now. ${statusText(record, []).trim()}`);
      const ended_at = new Date().toISOString();
      const phase = action === 'confirm' ? 'confirmed' : 'backed_out';
      if (action === 'back-out') await unmarkMigrated(this.directory);
      const ended: MigrationRecord = { ...record, phase, ended_at };
      await new Migrations(side.catalogue).keep(ended);
      print(statusText(ended, []));
    }).finally(() => lock.release());
  }

  /** Up to where the new appliance may take events. */
  async #switch(old: OldSide, side: NewSide, options: MigrateOptions): Promise<MigrationRecord> {
    const { settings, reach } = this.setting;
    const found = await this.#survey(old, options);
    await this.#requireFit(old, found);
    const lock = await DirectoryLock.acquire(settings.boot.dataDir);
    try {
      const record: MigrationRecord = {
        ...{ phase: 'catalogue', origin: await this.#origin(), began_at: new Date().toISOString() },
        ...{ units: found.units, events: found.events, refused: found.quarantined },
      };
      const migrations = new Migrations(side.catalogue);
      await migrations.keep(record);
      reach('migrate.begun');
      for (const { units } of found.archives.values())
        for (const { files } of units) requireKeys(files, side.encryption);
      await carryFiles(this.directory, settings.boot.dataDir);
      await shareSecrets(side.catalogue, settings.boot.dataDir);
      await carryObjects(found.archives.values(), join(this.directory, 'archives'), side.storage);
      await copyCatalogue(old.catalogue, side.catalogue, { remade: remadeOf(found), reach });
      await bringRefused(old, found.refused, this.setting);
      await untilMinuteIsOver(found.refused);
      await markMigrated(this.directory, record.began_at);
      reach('migrate.marked');
      const switched: MigrationRecord = {
        ...record,
        phase: 'history',
        switched_at: new Date().toISOString(),
      };
      await migrations.keep(switched);
      print(SWITCHED);
      return switched;
    } finally {
      await lock.release();
    }
  }

  /** What there is, without what is not to come along. */
  async #survey(old: OldSide, { leaveQuarantine = false }: MigrateOptions): Promise<Survey> {
    const found = await survey(old);
    print(surveyText(found, leaveQuarantine));
    return leaveQuarantine ? { ...found, refused: [], quarantined: 0 } : found;
  }

  async #moveHistory(old: OldSide, side: NewSide, record: MigrationRecord): Promise<void> {
    const { logger, reach } = this.setting;
    const archiver = archiverBetween(old, side, this.setting);
    const mover = new HistoryMover({
      ...{ streams: old.streams, archived: side.archived, archiver, logger, reach },
      arrived: (of, unit) => print(arrivedText(of, unit)),
    });
    const streams = await old.streams.records();
    await mover.move(streams.map(({ tenant, name }) => ({ tenant, stream: name })));
    const moved: MigrationRecord = { ...record, phase: 'moved', moved_at: new Date().toISOString() };
    await new Migrations(side.catalogue).keep(moved);
    print(statusText(moved, []));
  }

  /** @returns the move that is under way or done; undefined where none was begun and nothing stands in the way */
  async #refuseOther(side: NewSide): Promise<MigrationRecord | undefined> {
    const record = await new Migrations(side.catalogue).read();
    if (!record) {
      const used = await collectionInUse(side.catalogue);
      if (used === undefined) return undefined;
      throw refused(
        `The catalogue in the database ${this.setting.settings.boot.mongodbDatabase} is not empty: it has "${used}" already. An appliance is moved into one that was never started: name another MONGODB_DATABASE, or drop that one.`,
      );
    }
    if (record.origin === (await this.#origin())) return record;
    throw refused(`Another data directory than ${this.directory} was moved into this appliance.`);
  }

  /** Whether what is to go on can take it. */
  async #requireFit(old: OldSide, found: Survey): Promise<void> {
    const { settings } = this.setting;
    const { diskBytes, largestBytes } = found;
    await requireNoEvents(old, found, this.setting);
    const place = archivePlace(settings);
    await requireFree(settings.boot.dataDir, GROWTH * largestBytes);
    if (!('directory' in place)) return;
    await requireFree(place.directory, GROWTH * (diskBytes + largestBytes));
  }

  /** The file is made with a data directory and never changes. */
  async #origin(): Promise<string> {
    const pepper = await readFile(join(this.directory, 'pepper')).catch(() => {
      throw refused(`${this.directory} has no file "pepper" that can be read: it is no data directory.`);
    });
    return createHash('sha256').update('alluvium migration').update(pepper).digest('hex');
  }

  async #withOld(use: (old: OldSide) => Promise<void>): Promise<void> {
    const old = await openOldSide(this.directory, this.setting);
    try {
      await use(old);
    } finally {
      await old.close();
    }
  }

  async #withNew<T>(use: (side: NewSide) => Promise<T>, isForGood = true): Promise<T> {
    const side = await openNewSide(this.setting, isForGood);
    try {
      return await use(side);
    } finally {
      await side.close();
    }
  }
}

function refused(message: string): MigrationError {
  return new MigrationError('migration_refused', message);
}

function print(text: string): void {
  process.stdout.write(text);
}
