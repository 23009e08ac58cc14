import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import { ArchivedUnits, emptyTrashNow, hasEventsIn, type TrashedUnit } from '#archived-units';
import { parseTime } from '#event-model';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { printDay } from '#retention';
import { StreamRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { requireReach } from '../retention/require-reach.js';
import { StreamSelector } from '../search/stream-selector.js';
import { archiveFigures } from './archive-figures.js';
import type { EmptiedTrash, ShownTrash, Undeleted, UndeleteRequest } from './trash.schema.js';

const HOUR_MS = 3_600_000;
/** Days that are listed one by one. */
const MOST_DAYS = 1_000;

/** What policies deleted out of archives, and brings it back or deletes it for good. */
@Injectable()
export class TrashService {
  constructor(
    @Inject(ArchivedUnits) private readonly archived: ArchivedUnits,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(StreamSelector) private readonly selector: StreamSelector,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  async list(caller: Principal): Promise<ShownTrash> {
    const all = await this.#read(caller);
    const byDay = all.map(({ unit }) => unit).toSorted((a, b) => a.day - b.day);
    return { ...archiveFigures(byDay), days: all.slice(0, MOST_DAYS).map((one) => this.#shown(one)) };
  }

  /** @throws Problem `stream_unknown`, `nothing_to_undelete` */
  async undelete(caller: Principal, request: UndeleteRequest): Promise<Undeleted> {
    requireReach(caller);
    const { tenant, name: stream } = await this.selector.one(caller, request.stream);
    const [from = 0n, to = 0n] = [request.start_time, request.end_time].map((time) => parseTime(time));
    const back = await this.archived.undelete({ tenant, stream }, (unit) => hasEventsIn(unit, { from, to }));
    if (back.length > 0) return { stream, ...archiveFigures(back) };
    throw new Problem('nothing_to_undelete', `The trash has nothing of "${stream}" then.`);
  }

  /** Begins to delete all of it for good, but what a hold keeps. */
  async empty(caller: Principal): Promise<EmptiedTrash> {
    const all = await this.#read(caller);
    const { units, events, bytes } = archiveFigures(all.map(({ unit }) => unit));
    const job = emptyTrashNow(caller.tenant);
    await this.queue.add(job);
    return { units, events, bytes, job: job.id };
  }

  /** By stream, and there by day. */
  async #read(
    caller: Principal,
  ): Promise<readonly { readonly stream: string; readonly unit: TrashedUnit }[]> {
    requireReach(caller);
    const streams = await this.streams.list(caller.tenant);
    const archives = await Promise.all(
      streams.map(async ({ tenant, name }) => {
        const { trash = [] } = await this.archived.of(tenant, name);
        return trash.filter(({ purging }) => !purging).map((unit) => ({ stream: name, unit }));
      }),
    );
    return archives.flat();
  }

  #shown({ stream, unit }: { readonly stream: string; readonly unit: TrashedUnit }): ShownTrash['days'][0] {
    const { day, generation, events, files, order: plan, trashed_at: at } = unit;
    const gone = Date.parse(at) + this.settings.current.archiveTrashHours * HOUR_MS;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return {
      ...{ stream, day: printDay(day), generation, events, bytes, plan },
      ...{ deleted_at: at, gone_at: new Date(gone).toISOString() },
    };
  }
}
