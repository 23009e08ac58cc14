import type { OnApplicationBootstrap } from '@nestjs/common';
import { ArchiveStorageError, contentOfFile, type AttachablePlaces } from '#archive-storage';
import {
  readSumOf,
  RESTORE_JOB,
  wantedFile,
  type ArchivedUnit,
  type ArchivedStream,
  type RestoredStream,
  type RestoredStreams,
} from '#archived-units';
import { AlluviumError } from '#event-model';
import { JobSteps, type JobQueue, type RunningJob } from '#job-queue';
import type { FileSystemState } from '#observability';
import type { LocalFile, RestoringTier, RetainingTier, RollUpTier, StreamSpec } from '#plugin-kit';
import type { ReadOnlyStreams, StreamRegistry } from '#storage-tier';

/** Bytes of a table for each byte of archive, about. */
const GROWTH = 1.5;

export interface RestoreJobParts {
  readonly tier: () => Pick<RestoringTier, 'restoreUnit'> &
    Pick<RetainingTier, 'storedUnits'> &
    Pick<RollUpTier, 'checkRollUps' | 'rebuildRollUps'>;
  readonly streams: Pick<StreamRegistry, 'find' | 'markReadOnly'>;
  readonly readOnly: Pick<ReadOnlyStreams, 'remove'>;
  readonly restored: Pick<RestoredStreams, 'find' | 'finish' | 'forget'>;
  readonly places: Pick<AttachablePlaces, 'get'>;
  readonly disk: () => Promise<FileSystemState>;
  readonly queue: Pick<JobQueue, 'process'>;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Copies archived units into a stream of their own, one after the other, each as a whole; and takes the stream away again when it
 * is to leave. Units that are there already stay, so a run that was broken off goes on behind them.
 */
export class RestoreJob implements OnApplicationBootstrap {
  constructor(private readonly parts: RestoreJobParts) {}

  /** One at a time: a stream is taken away when nothing is put into it any more. */
  onApplicationBootstrap(): void {
    this.parts.queue.process(RESTORE_JOB, (job) => this.run(job));
  }

  async run(job: RunningJob): Promise<void> {
    const of = { tenant: String(job.payload['tenant']), stream: String(job.payload['stream']) };
    const restored = await this.parts.restored.find(of);
    if (restored?.state === 'leaving') return this.#remove(of);
    if (restored?.state === 'restoring') await this.#restore(restored, job);
    // What a killed process had finished and not shown yet.
    if (restored?.state === 'restored') await this.#show(of);
  }

  async #remove(of: ArchivedStream): Promise<void> {
    await this.parts.readOnly.remove(of.tenant, of.stream);
    this.parts.reach('restore.removed');
    await this.parts.restored.forget(of);
  }

  async #restore(restored: RestoredStream, job: RunningJob): Promise<void> {
    const { units } = restored.archive;
    const stream = await this.#streamOf(restored);
    const tier = this.parts.tier();
    const there = await tier.storedUnits(stream);
    const isThere = (unit: ArchivedUnit): boolean =>
      there.some(
        ({ day, generation, events }) =>
          day === unit.day && generation === unit.generation && events === unit.events,
      );
    const steps = new JobSteps(job, ['restore', 'check_roll_ups']);
    await steps.begin('restore');
    for (const [done, unit] of units.entries()) {
      job.signal.throwIfAborted();
      const share = done / units.length;
      await steps.reach(share, { share, note: `${done} of ${units.length} days` });
      if (!isThere(unit)) await this.#restoreUnit(restored, { stream, unit }, job.signal);
      this.parts.reach('restore.unit');
    }
    await steps.begin('check_roll_ups');
    for (const day of await tier.checkRollUps(stream)) await tier.rebuildRollUps(stream, day);
    if (!(await this.parts.restored.finish(restored, new Date().toISOString()))) return;
    await this.#show(restored);
    await steps.end(`${units.length} days`);
  }

  async #show({ tenant, stream }: ArchivedStream): Promise<void> {
    this.parts.reach('restore.finished');
    await this.parts.streams.markReadOnly(tenant, stream, 'restored');
  }

  async #restoreUnit(
    restored: RestoredStream,
    { stream, unit }: { readonly stream: StreamSpec; readonly unit: ArchivedUnit },
    signal: AbortSignal,
  ): Promise<void> {
    const place = this.parts.places.get(restored.place);
    if (!place) throw failed('archive_unreadable', `Settings name no place "${restored.place}" any more.`);
    await this.#requireRoom(unit);
    const { schema } = unit;
    const columns = restored.archive.schemas[schema]?.columns ?? [];
    const held = await place.objects.hold(unit.files.map((file) => wantedFile(file, columns)));
    try {
      const files: LocalFile[] = [];
      for (const file of unit.files) {
        const { key } = file;
        const path = held.paths.get(key) ?? '';
        const content = await contentOfFile(path);
        if (content.sha256 !== (readSumOf(file) ?? content.sha256))
          throw new ArchiveStorageError('archive_object_damaged', `${key} doesn't have its SHA-256.`);
        files.push({ path, bytes: content.bytes });
      }
      const { day, generation, events } = unit;
      const span = { oldest: BigInt(unit.oldest), newest: BigInt(unit.newest) };
      const archived = { day, generation, events, columns, files, ...span };
      await this.parts.tier().restoreUnit({ stream, day, generation }, archived, signal);
    } finally {
      held.release();
    }
  }

  async #streamOf({ tenant, stream }: ArchivedStream): Promise<StreamSpec> {
    const found = await this.parts.streams.find(tenant, stream);
    if (found?.readOnly === 'restoring') return found;
    throw failed('stream_unknown', `There is no stream "${stream}" that is being restored.`);
  }

  async #requireRoom({ files }: ArchivedUnit): Promise<void> {
    const bytes = GROWTH * files.reduce((sum, file) => sum + file.bytes, 0);
    const { freeBytes, reserveBytes } = await this.parts.disk();
    if (freeBytes - reserveBytes > bytes) return;
    throw new AlluviumError(
      `The next day needs about ${bytes} bytes, and ${freeBytes} bytes of disk are free, ${reserveBytes} of which stay free. Make room on the disk; it is tried again.`,
      { code: 'disk_full', retryable: true },
    );
  }
}

function failed(code: string, message: string): AlluviumError {
  return new AlluviumError(message, { code, retryable: false });
}
