import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import {
  RESTORE_JOB,
  restoreJobId,
  RestoredStreams,
  unloadJobId,
  type RestoredStream,
} from '#archived-units';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { RestoredUnloading, StreamRegistry } from '#storage-tier';
import { mayTouch, requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { archiveFigures } from './archive-figures.js';
import type { Restorable } from './restore-estimates.js';
import type { ShownRestoredStream } from './restore.schema.js';

/** Begins that events are restored out of an archive, and that they go again. */
@Injectable()
export class RestoreService {
  constructor(
    @Inject(RestoredStreams) private readonly restored: RestoredStreams,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(RestoredUnloading) private readonly unloading: RestoredUnloading,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /** @throws Problem `restore_no_room`, `stream_exists`; StreamError */
  async begin({ original, restored, estimate }: Restorable): Promise<ShownRestoredStream> {
    const { tenant, stream: name } = restored;
    if (!estimate.fits)
      throw new Problem(
        'restore_no_room',
        `About ${estimate.disk_bytes_needed} bytes are needed, and ${estimate.disk_bytes_free} are free above the reserve.`,
      );
    const isThere = await this.streams.find(tenant, name);
    if (isThere || !(await this.restored.begin(restored)))
      throw new Problem('stream_exists', `There is a stream named "${name}" already.`);
    const { name: eventType } = original.eventType;
    try {
      await this.streams.create({ tenant, name, eventType, readOnly: 'restoring' });
    } catch (error) {
      await this.restored.forget(restored);
      throw error;
    }
    const id = restoreJobId(restored);
    await this.queue.add({ kind: RESTORE_JOB, id, payload: { tenant, stream: name } });
    return shown(restored);
  }

  /** Those of the tenant that the key may touch. */
  async list(caller: Principal): Promise<{ readonly restored: ShownRestoredStream[] }> {
    const all = await this.restored.list(caller.tenant);
    return { restored: all.filter(({ stream }) => mayTouch(caller, stream)).map(shown) };
  }

  /** @throws Problem `restore_not_found`, `forbidden` */
  async find(caller: Principal, name: string): Promise<ShownRestoredStream> {
    requireStream(caller, name);
    const restored = await this.restored.find({ tenant: caller.tenant, stream: name });
    if (restored) return shown(restored);
    throw new Problem('restore_not_found', `No stream "${name}" was restored.`);
  }

  /** What is under way is cancelled. @throws Problem as {@link find} */
  async unload(caller: Principal, name: string): Promise<ShownRestoredStream> {
    await this.find(caller, name);
    await this.unloading.begin({ tenant: caller.tenant, stream: name });
    return this.find(caller, name);
  }
}

function shown(restored: RestoredStream): ShownRestoredStream {
  const { stream, original, archive, state, begun_at, restored_at, expires_at } = restored;
  const job = state === 'leaving' ? unloadJobId(restored) : restoreJobId(restored);
  return {
    ...{ name: stream, stream: original, ...archiveFigures(archive.units), state, begun_at },
    ...(restored_at !== undefined && { restored_at }),
    ...{ expires_at, job },
  };
}
