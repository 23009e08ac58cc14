import { Controller, Delete, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { JOB_QUEUE, type InspectableJobQueue, type JobRecord } from '#job-queue';
import { RETENTION_JOB } from '#retention';
import { REPARSE_JOB } from '#storage-tier';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { jobSchema, type ShownJob } from './jobs.schema.js';
import { shownJob, waitsFor } from './shown-job.js';

/** Kinds of jobs that end between two days. */
const CANCELLABLE: readonly string[] = [REPARSE_JOB, RETENTION_JOB];

@ApiTags('Jobs')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(@Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue) {}

  @Get(':job')
  @RequireScope(['streams:admin', 'quarantine:read', 'retention:read', 'retention:write'])
  @ApiOperation({
    summary: 'How far a job is',
    description: 'One that a request of this tenant began. Ended ones are kept for 7 days.',
  })
  @ApiResponse({ status: 200, standardSchema: jobSchema })
  async find(@Caller() caller: Principal, @Param('job') id: string): Promise<ShownJob> {
    return this.#shown(caller, id);
  }

  @Delete(':job')
  @RequireScope(['streams:admin', 'retention:write'])
  @Audited<JobsController>({
    action: 'job.cancel',
    state: async (jobs, { caller, params }) =>
      pick(await jobs.find(caller, params['job'] ?? ''), 'kind', 'state'),
  })
  @ApiOperation({
    summary: 'Cancel a job that parses stored events again, or applies a retention plan',
    description:
      'Days that are in place, or gone, stay so; all others are as they were: no day is left in between.',
  })
  @ApiResponse({ status: 200, description: 'It was cancelled.', standardSchema: jobSchema })
  async cancel(@Caller() caller: Principal, @Param('job') id: string): Promise<ShownJob> {
    const { kind } = await this.#find(caller, id);
    requireCancelScope(caller, kind);
    if (!CANCELLABLE.includes(kind) || !(await this.queue.cancel(kind, id)))
      throw new Problem('job_not_cancellable', 'It has ended, or is of another kind.');
    return this.#shown(caller, id);
  }

  async #shown(caller: Principal, id: string): Promise<ShownJob> {
    const job = await this.#find(caller, id);
    const others = job.state === 'waiting' ? await this.queue.list(job.kind) : [];
    return shownJob(job, waitsFor(job, others, this.queue.status().fault !== undefined), Date.now());
  }

  /** A job of the caller's tenant, of no stream that the key may not touch. */
  async #find(caller: Principal, id: string): Promise<JobRecord> {
    const isTheirs = ({ payload }: JobRecord): boolean => payload['tenant'] === caller.tenant;
    const found = (await this.queue.list()).find((job) => job.id === id && isTheirs(job));
    if (!found) throw new Problem('job_not_found', 'The tenant has no job of this id.');
    const { stream } = found.payload;
    if (typeof stream === 'string') requireStream(caller, stream);
    return found;
  }
}

/** @throws Problem `forbidden` where the key may not do what the job does */
function requireCancelScope({ scopes }: Principal, kind: string): void {
  const may = scopes.has('streams:admin') || kind === RETENTION_JOB;
  if (!may) throw new Problem('forbidden', 'The key needs the scope streams:admin for this job.');
}
