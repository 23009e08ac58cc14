import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { ArchiveStorage, ArchiveStorageError } from '#archive-storage';
import {
  objectsOf,
  TRASH_JOB,
  type ArchivedStream,
  type ArchivedUnits,
  type TrashedUnit,
  type UnitOfDay,
} from '#archived-units';
import type { JobQueue, RunningJob } from '#job-queue';
import type { ClockGuard, RetentionHolds } from '#retention';
import type { StreamRegistry } from '#storage-tier';
import { deleteObjects } from './delete-objects.js';
import type { ReplacedUnits } from './replaced-units.js';

const HOUR_MS = 3_600_000;

export interface ArchiveTrashParts {
  readonly archived: Pick<ArchivedUnits, 'now' | 'purge' | 'purged' | 'lock'>;
  readonly replaced: Pick<ReplacedUnits, 'forget'>;
  readonly storage: Pick<ArchiveStorage, 'delete'>;
  readonly streams: Pick<StreamRegistry, 'list'>;
  readonly holds: Pick<RetentionHolds, 'keeping'>;
  readonly clock: Pick<ClockGuard, 'look'>;
  readonly queue: Pick<JobQueue, 'process'>;
  /** How long a deleted unit can be brought back. */
  readonly hours: () => number;
  /** How long units that were merged stay at least: longer than questions take. */
  readonly graceHours: () => number;
  readonly logger: Pick<Logger, 'info'>;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Deletes the objects of archived days that policies deleted, once nobody may bring them back any more. What a hold keeps that
 * came since stays in the trash as long as the hold does. So it is with what was merged, but that waits for its time always.
 */
export class ArchiveTrash implements OnApplicationBootstrap {
  readonly #told = new Set<string>();

  constructor(private readonly parts: ArchiveTrashParts) {}

  onApplicationBootstrap(): void {
    this.parts.queue.process(TRASH_JOB, (job) => this.run(job));
  }

  /**
   * Does nothing by time while the clock isn't trusted. Goes on where an earlier process was ended.
   *
   * @param job with `now` in its payload: the time of what was deleted just now counts as over, too; with `tenant`: of this one
   */
  async run({ payload, signal }: Pick<RunningJob, 'payload' | 'signal'>): Promise<void> {
    const { clock, graceHours, hours, replaced, streams } = this.parts;
    const { state, now } = await clock.look();
    const isNow = payload['now'] === true;
    if (state !== 'trusted' && !isNow) return;
    const before = isNow ? Infinity : now - hours() * HOUR_MS;
    const { tenant } = payload;
    // Questions may read what was merged until then: that never goes before.
    const merged = now - Math.max(hours(), graceHours()) * HOUR_MS;
    for (const stream of await streams.list(tenant === undefined ? undefined : String(tenant))) {
      if (signal.aborted) return;
      const of = { tenant: stream.tenant, stream: stream.name };
      await this.#emptyOf(of, before);
      if (state === 'trusted') await replaced.forget(of, merged, (unit) => this.#isHeld(of, unit));
    }
  }

  async #emptyOf(of: ArchivedStream, before: number): Promise<void> {
    const { archived, logger, reach, storage } = this.parts;
    const { trash = [] } = await archived.now(of);
    const due = new Set<string>();
    for (const unit of trash)
      if (Date.parse(unit.trashed_at) <= before && !(await this.#isHeld(of, unit))) due.add(idOf(unit));
    const going = await archived.purge(of, (unit) => due.has(idOf(unit)));
    if (going.length === 0) return;
    reach('archive.purging');
    const locks = new Map<string, string>();
    const stays = (why: ArchiveStorageError, key: string): void => {
      if (why.code !== 'archive_object_locked') return;
      locks.set(key, why.message);
      this.#tell(of, why);
    };
    const deleted = new Set(await deleteObjects(storage, going.flatMap(objectsOf), stays));
    const gone = going.filter((unit) => objectsOf(unit).every((key) => deleted.has(key)));
    await archived.purged(of, gone);
    await archived.lock(of, (unit) =>
      objectsOf(unit)
        .map((key) => locks.get(key))
        .find(Boolean),
    );
    // Their tier is out, or their store keeps them: they go with a later run.
    if (gone.length === 0) return;
    const events = gone.reduce((sum, unit) => sum + unit.events, 0);
    logger.info({ ...of, units: gone.length, events }, 'deleted days of the archive left its trash');
  }

  /** Locks last for years, and the trash is looked at every few minutes: each is told once. */
  #tell(of: ArchivedStream, why: ArchiveStorageError): void {
    if (this.#told.has(why.message)) return;
    this.#told.add(why.message);
    this.parts.logger.info({ ...of, err: why }, 'an object of a deleted day stays until its lock is over');
  }

  async #isHeld({ tenant, stream }: ArchivedStream, { day }: UnitOfDay): Promise<boolean> {
    return (await this.parts.holds.keeping(tenant, { stream, day })).length > 0;
  }
}

/** One that is deleted again after it was brought back is another. */
function idOf({ day, generation, trashed_at: at }: TrashedUnit): string {
  return `${day}-${generation} ${at}`;
}
