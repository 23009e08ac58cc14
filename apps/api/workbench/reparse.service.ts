import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { formatTimestamp, parseTime } from '#event-model';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { REPARSE_JOB, reparseJobId, ReparseReports } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import type { BegunJob } from '../quarantine/quarantine.schema.js';
import { StreamSelector } from '../search/stream-selector.js';
import { dayOf } from './reparse-plan.js';
import { ReparsePlanner } from './reparse-planner.js';
import type { ReparseRequest, ShownReparseReport } from './reparse.schema.js';

/** Begins that stored events are parsed again, and tells what came of it. */
@Injectable()
export class ReparseService {
  constructor(
    @Inject(ReparsePlanner) private readonly planner: ReparsePlanner,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @throws Problem `parser_unknown`, `stream_unknown`, `forbidden`, `reparse_running`, `reparse_no_room` */
  async begin(caller: Principal, stream: string, request: ReparseRequest): Promise<BegunJob> {
    const plan = await this.planner.plan(caller, stream, request);
    if (!plan.fits)
      throw new Problem(
        'reparse_no_room',
        `The largest day needs ${plan.disk_bytes_needed} bytes, and ${plan.disk_bytes_free} are free above the reserve.`,
      );
    const { tenant } = caller;
    const id = reparseJobId(tenant, stream);
    const [start_time, end_time] = [request.start_time, request.end_time].map(fixed);
    const payload = { ...request, run: randomUUID(), tenant, stream, start_time, end_time };
    const { added } = await this.queue.add({ kind: REPARSE_JOB, id, payload });
    if (!added)
      throw new Problem('reparse_running', `Events of "${stream}" are being parsed again by the job ${id}.`);
    return { job: id, events: plan.events };
  }

  /** What the last run has done so far. @throws Problem `job_not_found`, `stream_unknown`, `forbidden` */
  async report(caller: Principal, stream: string): Promise<ShownReparseReport> {
    await this.streams.one(caller, stream);
    const id = reparseJobId(caller.tenant, stream);
    const job = await this.queue.find(REPARSE_JOB, id);
    if (!job) throw new Problem('job_not_found', `Events of "${stream}" were not parsed again lately.`);
    const found = await new ReparseReports(this.catalogue).find(caller.tenant, stream);
    const report = found?.run === job.payload['run'] ? found : undefined;
    return {
      job: id,
      days: (report?.parts ?? []).map(({ day, ...part }) => ({ day: dayOf(day), ...part })),
      kept_reasons: (report?.reasons ?? []).map((one) => ({ ...one })),
    };
  }
}

/** A relative time means the moment of the request, not that of the run. */
function fixed(time: string | number): string {
  return formatTimestamp(parseTime(time) ?? 0n);
}
