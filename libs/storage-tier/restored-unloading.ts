import {
  RESTORE_JOB,
  restoreJobId,
  unloadJobId,
  type ArchivedStream,
  type RestoredStreams,
} from '#archived-units';
import type { InspectableJobQueue } from '#job-queue';
import type { StreamRegistry } from './stream-registry.js';

export interface RestoredUnloadingParts {
  readonly restored: Pick<RestoredStreams, 'leave'>;
  readonly streams: Pick<StreamRegistry, 'markReadOnly'>;
  readonly queue: Pick<InspectableJobQueue, 'add' | 'cancel'>;
}

/** Begins to take restored streams away: at their end, or before. */
export class RestoredUnloading {
  constructor(private readonly parts: RestoredUnloadingParts) {}

  /** Nobody finds the stream from then on; a job drops its tables. Idempotent. @returns the job's id */
  async begin(of: ArchivedStream): Promise<string> {
    const { restored, streams, queue } = this.parts;
    await restored.leave(of);
    await streams.markReadOnly(of.tenant, of.stream, 'leaving');
    await queue.cancel(RESTORE_JOB, restoreJobId(of));
    const id = unloadJobId(of);
    await queue.add({ kind: RESTORE_JOB, id, payload: { ...of } });
    return id;
  }
}
