import type { Logger } from 'pino';
import type { ArchivedStream, ArchivedUnits, AwaitedUnit } from '#archived-units';
import { MigrationError } from '#migration';
import { ARCHIVE_TIER } from '#retention-policy';
import type { StreamRegistry } from '#storage-tier';
import type { UnitArchiver } from '../archive/unit-archiver.js';
import { untilDone } from './until-done.js';

export interface HistoryMoverParts {
  /** Those of the old appliance. */
  readonly streams: Pick<StreamRegistry, 'find'>;
  /** From the old tables into the archive of the new appliance. */
  readonly archiver: Pick<UnitArchiver, 'copy'>;
  /** Those of the new appliance. */
  readonly archived: Pick<ArchivedUnits, 'now' | 'arrive'>;
  /** Told of each unit that has arrived. */
  readonly arrived: (of: ArchivedStream, unit: AwaitedUnit) => void;
  readonly logger: Pick<Logger, 'warn'>;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Moves what is awaited out of the old tables, the newest day of all streams first. A unit is awaited, or answers from the
 * archive: nothing between the two can be seen, and each step may be made again after `kill -9`. The old tables stay as they are.
 */
export class HistoryMover {
  constructor(private readonly parts: HistoryMoverParts) {}

  /** @throws MigrationError `migration_failed` where a unit is not in the archive as it is in the table */
  async move(streams: readonly ArchivedStream[]): Promise<void> {
    for (const { of, unit } of await this.#awaited(streams))
      await untilDone(
        () => this.#moveUnit(of, unit),
        (error) => this.parts.logger.warn({ err: error, day: unit.day }, 'a day is moved again in a moment'),
      );
  }

  async #moveUnit(of: ArchivedStream, unit: AwaitedUnit): Promise<void> {
    const { archived, archiver, arrived, reach, streams } = this.parts;
    const stream = await streams.find(of.tenant, of.stream);
    const name = `${of.tenant}/${of.stream}/${unit.day}-${unit.generation}`;
    if (!stream) throw failed(name, 'the old appliance has no such stream');
    const { day, generation } = unit;
    const copy = await archiver.copy({ part: { stream, day, generation }, tier: ARCHIVE_TIER });
    if (copy.outcome !== 'copied') throw failed(name, copy.detail);
    const { units } = await archived.now(of);
    const there = units.find((one) => one.day === day && one.generation === generation);
    if (there?.events !== unit.events)
      throw failed(
        name,
        `${unit.events} events were counted before, and ${there?.events ?? 0} are there now`,
      );
    reach('migrate.unit-copied');
    await archived.arrive(of, unit, new Date().toISOString());
    reach('migrate.unit-arrived');
    arrived(of, unit);
  }

  async #awaited(
    streams: readonly ArchivedStream[],
  ): Promise<readonly { readonly of: ArchivedStream; readonly unit: AwaitedUnit }[]> {
    const all = await Promise.all(
      streams.map(async (of) =>
        ((await this.parts.archived.now(of)).awaited ?? []).map((unit) => ({ of, unit })),
      ),
    );
    return all.flat().toSorted((a, b) => b.unit.day - a.unit.day);
  }
}

function failed(unit: string, why: string): MigrationError {
  return new MigrationError(
    'migration_failed',
    `The unit ${unit} was not moved: ${why}. Nothing was changed in the old data directory; mend it and call the same command again.`,
  );
}
