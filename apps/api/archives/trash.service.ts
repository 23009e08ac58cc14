import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { ArchivedUnits, emptyTrashNow, hasEventsIn } from '#archived-units';
import { parseTime } from '#event-model';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { printDay } from '#retention';
import { Problem } from '../problems/problem.js';
import { requireReach } from '../retention/require-reach.js';
import { StreamSelector } from '../search/stream-selector.js';
import { archiveFigures } from './archive-figures.js';
import type { EmptiedTrash, ShownTrash, Undeleted, UndeleteRequest } from './trash.schema.js';
import { TrashedDays, type TrashedDay } from './trashed-days.js';

/** Days that are listed one by one. */
const MOST_DAYS = 1_000;

/** What policies deleted out of archives, and brings it back or deletes it for good. */
@Injectable()
export class TrashService {
  constructor(
    @Inject(ArchivedUnits) private readonly archived: ArchivedUnits,
    @Inject(TrashedDays) private readonly trashed: TrashedDays,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  async list(caller: Principal): Promise<ShownTrash> {
    requireReach(caller);
    const all = await this.trashed.of(caller.tenant);
    const byDay = all.toSorted((a, b) => a.day - b.day);
    const locked = await this.trashed.lockedOf(caller.tenant);
    return {
      ...{ ...archiveFigures(byDay), days: all.slice(0, MOST_DAYS).map(shown) },
      locked: locked.slice(0, MOST_DAYS).map(shownLocked),
    };
  }

  /** @throws Problem `stream_unknown`, `nothing_to_undelete` */
  async undelete(caller: Principal, request: UndeleteRequest): Promise<Undeleted> {
    requireReach(caller);
    const { tenant, name: stream } = await this.streams.one(caller, request.stream);
    const [from = 0n, to = 0n] = [request.start_time, request.end_time].map((time) => parseTime(time));
    const back = await this.archived.undelete({ tenant, stream }, (unit) => hasEventsIn(unit, { from, to }));
    if (back.length > 0) return { stream, ...archiveFigures(back) };
    throw new Problem('nothing_to_undelete', `The trash has nothing of "${stream}" then.`);
  }

  /** Begins to delete all of it for good, but what a hold keeps. */
  async empty(caller: Principal): Promise<EmptiedTrash> {
    requireReach(caller);
    const { units, events, bytes } = archiveFigures(await this.trashed.of(caller.tenant));
    const job = emptyTrashNow(caller.tenant);
    await this.queue.add(job);
    return { units, events, bytes, job: job.id };
  }
}

function shown(unit: TrashedDay): ShownTrash['days'][0] {
  return { ...shownDay(unit), deleted_at: unit.trashed_at, gone_at: unit.goneAt };
}

function shownLocked(unit: TrashedDay): ShownTrash['locked'][0] {
  return { ...shownDay(unit), why: unit.locked ?? '' };
}

function shownDay({ stream, day, generation, events, files, order: plan }: TrashedDay) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { stream, day: printDay(day), generation, events, bytes, plan };
}
