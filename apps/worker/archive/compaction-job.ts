import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { changedFields, type AuditRecord } from '#audit';
import {
  compactNow,
  COMPACTION_JOB,
  mergeableUnits,
  type ArchivedStream,
  type ArchivedUnits,
  type CompactionLimits,
  type MergeableUnits,
  type ReplacedUnit,
  type StreamArchive,
} from '#archived-units';
import type { JobQueue, RunningJob } from '#job-queue';
import { isAtLeast, type FileSystemState } from '#observability';
import type { RetentionHolds } from '#retention';
import type { StreamRegistry } from '#storage-tier';
import type { MergeMetrics } from './merge-metrics.js';
import { MergeTally } from './merge-tally.js';
import type { UnitCompactor, UnitMerging } from './unit-compactor.js';
import type { UnitCopies } from './unit-copies.js';
import type { UnitHealer } from './unit-healer.js';

export interface CompactionJobParts {
  readonly archived: Pick<ArchivedUnits, 'now' | 'abandonMerges' | 'recorded'>;
  readonly compactor: Pick<UnitCompactor, 'merge'>;
  readonly healer: Pick<UnitHealer, 'heal'>;
  readonly copies: Pick<UnitCopies, 'sweep'>;
  readonly streams: Pick<StreamRegistry, 'list'>;
  readonly holds: Pick<RetentionHolds, 'keeping'>;
  readonly audit: Pick<AuditRecord, 'append'>;
  readonly queue: Pick<JobQueue, 'process' | 'add'>;
  readonly limits: () => CompactionLimits;
  readonly disk: () => Promise<Pick<FileSystemState, 'level'>>;
  readonly metrics: Pick<MergeMetrics, 'counted'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Days of a stream that this run does not look at again, by what they are called in its report. */
type PassedOver = Set<string>;

/**
 * Merges the small files that late events left in the archive. The hourly job begins one of each tenant that has any, so that
 * its people see what came of it.
 */
export class CompactionJob implements OnApplicationBootstrap {
  constructor(private readonly parts: CompactionJobParts) {}

  onApplicationBootstrap(): void {
    this.parts.queue.process(COMPACTION_JOB, (job) => this.run(job));
  }

  /** @param job of a `tenant`, or of all */
  async run(job: Pick<RunningJob, 'payload' | 'signal' | 'progress'>): Promise<void> {
    const { tenant } = job.payload;
    if (typeof tenant !== 'string') return this.#beginEach();
    const tally = new MergeTally();
    const streams = await this.parts.streams.list(tenant);
    for (const [at, { name: stream }] of streams.entries()) {
      await job.progress(at / streams.length, tally.note());
      await this.#compact({ tenant, stream }, tally, job.signal);
    }
    await job.progress(1, tally.note());
  }

  async #beginEach(): Promise<void> {
    const { archived, healer, queue, streams, limits } = this.parts;
    const tenants = new Set<string>();
    for (const { tenant, name: stream } of await streams.list()) {
      await healer.heal({ tenant, stream });
      const archive = await archived.now({ tenant, stream });
      const isNews = archive.merging ?? archive.replaced?.some((unit) => !unit.recorded);
      if (isNews || mergeableUnits(archive, limits()).length > 0) tenants.add(tenant);
    }
    for (const tenant of tenants) await queue.add(compactNow(tenant));
  }

  async #compact(of: ArchivedStream, tally: MergeTally, signal: AbortSignal): Promise<void> {
    const { archived, healer, limits } = this.parts;
    await healer.heal(of);
    // Of a process that was killed.
    await this.#giveUp(of);
    const passed: PassedOver = new Set();
    try {
      for (;;) {
        signal.throwIfAborted();
        const archive = await archived.now(of);
        const next = mergeableUnits(archive, limits()).find((group) => !passed.has(idOf(group)));
        if (!next) break;
        const merging = await this.#merge(of, { group: next, archive, signal });
        tally.add(next.units, merging);
        this.parts.metrics.counted(merging, next.units.length);
        if (merging.outcome === 'merged') continue;
        passed.add(idOf(next));
        if (merging.why !== 'held')
          this.parts.logger.warn({ ...of, day: next.day, ...merging }, 'small files of a day are not merged');
        await this.#giveUp(of);
      }
    } finally {
      await this.#record(of);
    }
  }

  async #merge(
    of: ArchivedStream,
    {
      group,
      archive,
      signal,
    }: { readonly group: MergeableUnits; readonly archive: StreamArchive; readonly signal: AbortSignal },
  ): Promise<UnitMerging> {
    const { compactor, disk, holds } = this.parts;
    const mayGo = async (): Promise<boolean> =>
      (await holds.keeping(of.tenant, { stream: of.stream, day: group.day })).length === 0;
    if (!(await mayGo())) return { outcome: 'not_merged', why: 'held', detail: 'A hold keeps it.' };
    const { level } = await disk();
    if (isAtLeast(level, 'low_refused'))
      return {
        outcome: 'not_merged',
        why: 'refused',
        detail: 'The disk is filling: no file is made beside others.',
      };
    const schema = archive.schemas[group.units[0]?.schema ?? 0];
    if (!schema) return { outcome: 'not_merged', why: 'changed', detail: 'Its columns are not known.' };
    return compactor.merge({ of, ...group, schema, mayGo, signal });
  }

  /** What was put for a merged unit that did not come to be. */
  async #giveUp(of: ArchivedStream): Promise<void> {
    const { archived, copies } = this.parts;
    if (!(await archived.now(of)).merging) return;
    await archived.abandonMerges(of);
    await copies.sweep(of);
  }

  /** Also what a killed process had merged. */
  async #record({ tenant, stream }: ArchivedStream): Promise<void> {
    const { archived, audit } = this.parts;
    const { replaced = [] } = await archived.now({ tenant, stream });
    const fresh = replaced.filter((unit) => !unit.recorded);
    if (fresh.length === 0) return;
    const sum = (of: (unit: ReplacedUnit) => number): number =>
      fresh.reduce((all, unit) => all + of(unit), 0);
    const figures = {
      ...{ files: fresh.length, merged_into: new Set(fresh.map(({ by }) => by)).size },
      events: sum(({ events }) => events),
      bytes: sum(({ files }) => files.reduce((all, { bytes }) => all + bytes, 0)),
      days: [...new Set(fresh.map(({ day }) => day))],
    };
    await audit.append({
      ...{ actor: { kind: 'appliance' }, tenant, action: 'archive.merge', object: stream, outcome: 'done' },
      changes: changedFields(undefined, figures),
    });
    await archived.recorded({ tenant, stream }, fresh);
  }
}

function idOf({ day, units }: MergeableUnits): string {
  return `${day} ${units[0]?.schema}`;
}
