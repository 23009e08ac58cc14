import type { OnApplicationBootstrap } from '@nestjs/common';
import { ArchiveStorageError, contentOfFile, isDamage, type AttachablePlaces } from '#archive-storage';
import {
  isSameUnit,
  readBytesOf,
  readSumOf,
  RESTORE_JOB,
  wantedFile,
  type ArchivedFile,
  type ArchivedStream,
  type ArchivedUnit,
  type RestoredStream,
  type RestoredStreams,
} from '#archived-units';
import { AlluviumError, type BlockId } from '#event-model';
import { JobSteps, type JobQueue, type RunningJob } from '#job-queue';
import type { FileSystemState } from '#observability';
import type { LocalFile, RestoringTier, RetainingTier, RollUpTier, StreamSpec } from '#plugin-kit';
import type { ReadOnlyStreams, StreamRegistry } from '#storage-tier';
import type { ArchiveNow } from './archive-now.js';

/** Bytes of a table for each byte of archive, about. */
const GROWTH = 1.5;
/** No block is behind it. */
const ALL_BLOCKS = 'f'.repeat(32) as BlockId;

export interface RestoreJobParts {
  readonly tier: () => Pick<RestoringTier, 'restoreUnit'> &
    Pick<RetainingTier, 'storedUnits' | 'removeUnit'> &
    Pick<RollUpTier, 'checkRollUps' | 'rebuildRollUps'>;
  readonly streams: Pick<StreamRegistry, 'find' | 'markReadOnly'>;
  readonly readOnly: Pick<ReadOnlyStreams, 'remove'>;
  readonly restored: Pick<RestoredStreams, 'find' | 'renew' | 'finish' | 'forget'>;
  readonly archiveNow: Pick<ArchiveNow, 'of'>;
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
    const steps = new JobSteps(job, ['restore', 'check_roll_ups']);
    await steps.begin('restore');
    const isThere = await this.#thereOf(stream, units);
    for (const [done, unit] of units.entries()) {
      job.signal.throwIfAborted();
      const share = done / units.length;
      await steps.reach(share, { share, note: `${done} of ${units.length} days` });
      if (!isThere(unit)) {
        const renewed = await this.#restoreUnit(restored, { stream, unit }, job.signal);
        if (renewed) return this.#restore(renewed, job);
      }
      this.parts.reach('restore.unit');
    }
    await steps.begin('check_roll_ups');
    for (const day of await tier.checkRollUps(stream)) await tier.rebuildRollUps(stream, day);
    if (!(await this.parts.restored.finish(restored, new Date().toISOString()))) return;
    await this.#show(restored);
    await steps.end(`${units.length} days`);
  }

  /** Which of the units are there as a whole. What was restored of units that were merged since goes: the merged one has it. */
  async #thereOf(
    stream: StreamSpec,
    units: readonly ArchivedUnit[],
  ): Promise<(unit: ArchivedUnit) => boolean> {
    const tier = this.parts.tier();
    const stored = await tier.storedUnits(stream);
    for (const { day, generation } of stored.filter((one) => !units.some((unit) => isSameUnit(unit, one))))
      await tier.removeUnit({ stream, day, generation }, ALL_BLOCKS);
    return (unit) => stored.some((one) => isSameUnit(unit, one) && one.events === unit.events);
  }

  async #show({ tenant, stream }: ArchivedStream): Promise<void> {
    this.parts.reach('restore.finished');
    await this.parts.streams.markReadOnly(tenant, stream, 'restored');
  }

  /** Where its files are gone or damaged because it was merged: what is to be restored instead. */
  async #restoreUnit(
    restored: RestoredStream,
    task: { readonly stream: StreamSpec; readonly unit: ArchivedUnit },
    signal: AbortSignal,
  ): Promise<RestoredStream | undefined> {
    try {
      await this.#copyUnit(restored, task, signal);
      return undefined;
    } catch (error) {
      if (!isDamage(error)) throw error;
      const archive = await this.parts.archiveNow.of(restored);
      if (!archive || !(await this.parts.restored.renew(restored, archive))) throw error;
      this.parts.reach('restore.renewed');
      return { ...restored, archive };
    }
  }

  async #copyUnit(
    restored: RestoredStream,
    { stream, unit }: { readonly stream: StreamSpec; readonly unit: ArchivedUnit },
    signal: AbortSignal,
  ): Promise<void> {
    const place = this.parts.places.get(restored.place);
    if (!place) throw failed('archive_unreadable', `Settings name no place "${restored.place}" any more.`);
    await this.#requireRoom(unit);
    const columns = restored.archive.schemas[unit.schema]?.columns ?? [];
    const held = await place.objects.hold(unit.files.map((file) => wantedFile(file, columns)));
    try {
      const files: LocalFile[] = [];
      for (const file of unit.files) files.push(await checkedFile(file, held.paths.get(file.key) ?? ''));
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
    const bytes = GROWTH * files.reduce((sum, file) => sum + readBytesOf(file), 0);
    const { freeBytes, reserveBytes } = await this.parts.disk();
    if (freeBytes - reserveBytes > bytes) return;
    throw new AlluviumError(
      `The next day needs about ${bytes} bytes, and ${freeBytes} bytes of disk are free, ${reserveBytes} of which stay free. Make room on the disk; it is tried again.`,
      { code: 'disk_full', retryable: true },
    );
  }
}

/** @throws ArchiveStorageError where it isn't what was archived */
async function checkedFile(file: ArchivedFile, path: string): Promise<LocalFile> {
  const content = await contentOfFile(path);
  if (content.sha256 !== (readSumOf(file) ?? content.sha256))
    throw new ArchiveStorageError('archive_object_damaged', `${file.key} doesn't have its SHA-256.`);
  return { path, bytes: content.bytes };
}

function failed(code: string, message: string): AlluviumError {
  return new AlluviumError(message, { code, retryable: false });
}
