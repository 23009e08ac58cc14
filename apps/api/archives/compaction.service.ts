import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { compactNow } from '#archived-units';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { requireReach } from '../retention/require-reach.js';
import type { BegunCompaction, ShownCompaction } from './compaction.schema.js';
import { SmallFiles } from './small-files.js';

/** Days that are listed one by one. */
const MOST_DAYS = 1_000;

/** Shows what of small files is to be merged, and begins it. */
@Injectable()
export class CompactionService {
  constructor(
    @Inject(SmallFiles) private readonly files: SmallFiles,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  async look(caller: Principal): Promise<ShownCompaction> {
    requireReach(caller);
    const { days, replaced } = await this.files.of(caller.tenant);
    const going = days.filter(({ held }) => !held);
    const sum = (of: (day: ShownCompaction['days'][0]) => number): number =>
      going.reduce((all, day) => all + of(day), 0);
    return {
      ...{ files: sum(({ files }) => files), events: sum(({ events }) => events) },
      ...{ bytes: sum(({ bytes }) => bytes), days: days.slice(0, MOST_DAYS), replaced },
    };
  }

  /** Begins a job, which looks again for what there is to merge. */
  async begin(caller: Principal): Promise<BegunCompaction> {
    const { files, events, bytes } = await this.look(caller);
    const job = compactNow(caller.tenant);
    await this.queue.add(job);
    return { files, events, bytes, job: job.id };
  }
}
