import { RESTORE_JOB, restoreJobId, type RestoredStream, type RestoredStreams } from '#archived-units';
import type { InspectableJobQueue } from '#job-queue';
import type { RestoredUnloading } from '#storage-tier';

export interface RestoredUpkeepParts {
  readonly restored: Pick<RestoredStreams, 'list'>;
  readonly unloading: Pick<RestoredUnloading, 'begin'>;
  readonly queue: Pick<InspectableJobQueue, 'add' | 'find'>;
}

/** Lets restored streams go at their end, and begins what a killed process had not. */
export class RestoredUpkeepJob {
  constructor(private readonly parts: RestoredUpkeepParts) {}

  /** @param nowMs milliseconds since the epoch */
  async run(nowMs: number = Date.now()): Promise<void> {
    for (const restored of await this.parts.restored.list()) await this.#look(restored, nowMs);
  }

  async #look(restored: RestoredStream, nowMs: number): Promise<void> {
    const { tenant, stream, state, expires_at } = restored;
    if (state === 'leaving' || Date.parse(expires_at) <= nowMs)
      return void (await this.parts.unloading.begin({ tenant, stream }));
    if (state === 'restored') return;
    const id = restoreJobId(restored);
    // One that failed stays so, for people to see; one that was never added was to be.
    if (await this.parts.queue.find(RESTORE_JOB, id)) return;
    await this.parts.queue.add({ kind: RESTORE_JOB, id, payload: { tenant, stream } });
  }
}
