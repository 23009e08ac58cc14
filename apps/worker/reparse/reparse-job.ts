import type { OnApplicationBootstrap } from '@nestjs/common';
import type { ArchivedUnits } from '#archived-units';
import { AlluviumError } from '#event-model';
import type { JobQueue, RunningJob } from '#job-queue';
import type { FileSystemState } from '#observability';
import type { RewritingTier, StoredPart, StreamSpec } from '#plugin-kit';
import {
  isAsked,
  REPARSE_JOB,
  type ReparseReport,
  type ReparseReports,
  type StreamRegistry,
} from '#storage-tier';
import type { PartRewriter } from './part-rewriter.js';
import { reparsePayloadSchema, spanOf, type ReparsePayload } from './reparse-payload.js';

export interface ReparseJobParts {
  readonly tier: () => Pick<RewritingTier, 'storedParts'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly rewriter: Pick<PartRewriter, 'rewrite'>;
  readonly reports: Pick<ReparseReports, 'find' | 'add'>;
  readonly disk: () => Promise<FileSystemState>;
  readonly archived: Pick<ArchivedUnits, 'of'>;
  readonly queue: Pick<JobQueue, 'process'>;
}

/**
 * Parses the stored events of a stream's time span again, one day after the other, the newest first. Days that are done
 * are kept in its report, so that a run which was broken off goes on behind them. What only the archive answers for stays.
 */
export class ReparseJob implements OnApplicationBootstrap {
  constructor(private readonly parts: ReparseJobParts) {}

  /** One at a time: a run that was cancelled may be at work still when the next one is asked for. */
  onApplicationBootstrap(): void {
    this.parts.queue.process(REPARSE_JOB, (job) => this.run(job));
  }

  async run(job: RunningJob): Promise<void> {
    const request = reparsePayloadSchema.parse(job.payload);
    let report = await this.#reportOf(request);
    const stored = await this.#partsOf(request);
    const total = stored.reduce((sum, part) => sum + askedOf(part, request), 0);
    const isDue = (part: StoredPart): boolean => askedOf(part, request) > 0 && !isDone(report, part);
    for (const { day, generation, diskBytes } of stored.filter(isDue)) {
      job.signal.throwIfAborted();
      await this.#requireRoom(diskBytes);
      const before = readIn(report);
      const rewritten = await this.parts.rewriter.rewrite({
        part: { stream: await this.#stream(request), day, generation },
        request,
        signal: job.signal,
        read: (events) => job.progress(Math.min(1, (before + events) / total), noteOf(report, events)),
      });
      report = await this.parts.reports.add(request, report, rewritten.part, rewritten.reasons);
    }
    await job.progress(1, noteOf(report, 0));
  }

  /** Of days that archives don't answer for. */
  async #partsOf(request: ReparsePayload): Promise<readonly StoredPart[]> {
    const stored = await this.parts.tier().storedParts(await this.#stream(request), spanOf(request));
    const { units } = await this.parts.archived.of(request.tenant, request.stream);
    const answering = units.filter(({ state }) => state !== 'copied');
    return stored.filter(
      ({ day, generation }) => !answering.some((unit) => unit.day === day && unit.generation === generation),
    );
  }

  async #stream({ tenant, stream }: ReparsePayload): Promise<StreamSpec> {
    const found = await this.parts.streams.find(tenant, stream);
    if (found) return found;
    throw new AlluviumError(`There is no stream "${stream}" any more.`, {
      code: 'stream_unknown',
      retryable: false,
    });
  }

  async #reportOf({ run, tenant, stream }: ReparsePayload): Promise<ReparseReport> {
    const known = await this.parts.reports.find(tenant, stream);
    return known?.run === run ? known : { run, parts: [], reasons: [] };
  }

  /** The copy lies beside the part until it takes its place. */
  async #requireRoom(bytes: number): Promise<void> {
    const { freeBytes, reserveBytes } = await this.parts.disk();
    if (freeBytes - reserveBytes > bytes) return;
    throw new AlluviumError(
      `A copy of ${bytes} bytes is made beside the day's events, and ${freeBytes} bytes of disk are free, ${reserveBytes} of which stay free. Make room on the disk; it is tried again.`,
      { code: 'disk_full', retryable: true },
    );
  }
}

/** Events of a part that are asked for: one that has none isn't copied. */
function askedOf({ forms }: StoredPart, request: ReparsePayload): number {
  return forms.reduce((sum, one) => (isAsked(one, request) ? sum + one.events : sum), 0);
}

function isDone({ parts }: ReparseReport, { day, generation }: StoredPart): boolean {
  return parts.some((part) => part.day === day && part.generation === generation);
}

function readIn({ parts }: ReparseReport): number {
  return parts.reduce((sum, { events }) => sum + events, 0);
}

function noteOf(report: ReparseReport, under: number): string {
  const sum = (of: 'changed' | 'kept'): number => report.parts.reduce((total, part) => total + part[of], 0);
  return `${readIn(report) + under} events read, ${sum('changed')} changed and ${sum('kept')} left as they were in ${report.parts.length} finished days`;
}
