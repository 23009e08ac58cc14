import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { changedFields, type AuditRecord } from '#audit';
import { parseEventId, type BlockId } from '#event-model';
import type { JobQueue, RunningJob } from '#job-queue';
import type { CopyReport, SourceMinuteCount, StreamSpec } from '#plugin-kit';
import type { BothTiers, CopiesDue, StreamRegistry } from '#storage-tier';
import type { BlockCopier } from './block-copier.js';
import type { DocumentsMetrics } from './documents-metrics.js';

export const COPY_RECONCILIATION = 'copies.reconcile';
const MINUTE_MS = 60_000;
/** What was accepted a shorter time ago may be on its way: milliseconds. */
const SETTLED_MS = 2 * MINUTE_MS;
const READ_MS = 60_000;
/** Entries of what is due that are looked at. */
const MOST_DUE = 1_000;

/** The stores, as far as they are compared. */
export interface ComparedStores {
  readonly search: Pick<BothTiers['search'], 'countByMinute' | 'scan'>;
  readonly documents: Pick<BothTiers['documents'], 'countByMinute' | 'strayBlocks' | 'copiedBlocks'>;
}

export interface CopyReconciliationParts {
  readonly stores: () => ComparedStores;
  readonly copier: Pick<BlockCopier, 'copy'>;
  readonly due: Pick<CopiesDue, 'of'>;
  readonly streams: Pick<StreamRegistry, 'list'>;
  readonly audit: Pick<AuditRecord, 'append'>;
  readonly metrics: Pick<DocumentsMetrics, 'mended'>;
  readonly queue: Pick<JobQueue, 'process'>;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Compares each copy with its tables, by stream and minute of acceptance, and with its own counts, and makes it what the tables
 * have where it is not. What is due anyway is left to whoever copies that; a copy that is behind is compared when it has caught up.
 */
export class CopyReconciliation implements OnApplicationBootstrap {
  constructor(private readonly parts: CopyReconciliationParts) {}

  onApplicationBootstrap(): void {
    this.parts.queue.process(COPY_RECONCILIATION, (job) => this.run(job));
  }

  async run({ signal }: Pick<RunningJob, 'signal'>): Promise<void> {
    for (const stream of await this.parts.streams.list())
      if (stream.storedIn === 'both') await this.#reconcile(stream, signal);
  }

  async #reconcile(stream: StreamSpec, signal: AbortSignal): Promise<void> {
    if (await this.#isBehind(stream)) return;
    const { stores, copier } = this.parts;
    const stray = await stores().documents.strayBlocks(stream);
    const counted = await copier.copy(stream, { blocks: await this.#notDue(stream, stray) }, signal);
    // The copy's own counts are right now, and stand for its events.
    const minutes = await this.#wrongMinutes(stream);
    const blocks = new Set<BlockId>();
    for (const minute of minutes) for (const block of await this.#blocksOf(stream, minute)) blocks.add(block);
    const missed = await copier.copy(stream, { blocks: await this.#notDue(stream, [...blocks]) }, signal);
    await this.#tell(stream, [counted, missed], minutes.length);
  }

  async #isBehind(stream: StreamSpec): Promise<boolean> {
    const due = await this.parts.due.of(stream, MOST_DUE);
    const settled = this.parts.now() - SETTLED_MS;
    return due.length === MOST_DUE || due.some(({ value }) => 'day' in value.work || value.at < settled);
  }

  async #notDue(stream: StreamSpec, blocks: readonly BlockId[]): Promise<readonly BlockId[]> {
    if (blocks.length === 0) return [];
    const due = await this.parts.due.of(stream, MOST_DUE);
    const waiting = new Set(due.flatMap(({ value }) => ('blocks' in value.work ? value.work.blocks : [])));
    return blocks.filter((block) => !waiting.has(block));
  }

  async #wrongMinutes(stream: StreamSpec): Promise<readonly number[]> {
    const { search, documents } = this.parts.stores();
    const settled = this.parts.now() - SETTLED_MS;
    const copied = sumsOf(await documents.countByMinute(stream));
    const stored = sumsOf(await search.countByMinute(stream));
    return [...new Set([...copied.keys(), ...stored.keys()])].filter(
      (minute) => minute + MINUTE_MS <= settled && copied.get(minute) !== stored.get(minute),
    );
  }

  /** All of the minute, in either store. */
  async #blocksOf(stream: StreamSpec, minute: number): Promise<ReadonlySet<BlockId>> {
    const { search, documents } = this.parts.stores();
    const blocks = new Set(await documents.copiedBlocks(stream, { minute }));
    const time = (ms: number): string => new Date(ms).toISOString();
    const accepted = {
      ...({ kind: 'range', field: 'observed_timestamp' } as const),
      ...{ from: time(minute), below: time(minute + MINUTE_MS) },
    };
    const all = {
      tenant: stream.tenant,
      streams: [stream],
      from: 0n,
      to: 2n ** 63n - 1n,
      timeoutMs: READ_MS,
    };
    for await (const { lines } of search.scan({ ...all, filter: accepted, order: 'asc' }))
      for (const line of Buffer.from(lines).toString('utf8').trimEnd().split('\n')) {
        const place = parseEventId((JSON.parse(line) as { readonly event_id: string }).event_id);
        if (place) blocks.add(place.block);
      }
    return blocks;
  }

  async #tell({ tenant, name }: StreamSpec, reports: readonly CopyReport[], minutes: number): Promise<void> {
    const sum = (of: keyof CopyReport): number => reports.reduce((total, report) => total + report[of], 0);
    const figures = { copied: sum('written'), deleted: sum('removed'), minutes };
    if (figures.copied + figures.deleted === 0) return;
    const { audit, logger, metrics } = this.parts;
    metrics.mended(figures.copied + figures.deleted);
    logger.warn({ tenant, stream: name, ...figures }, 'a copy was not what its tables have, and is again');
    await audit.append({
      ...{ actor: { kind: 'appliance' }, tenant, action: 'documents.mend', object: name, outcome: 'done' },
      changes: changedFields(undefined, figures),
    });
  }
}

function sumsOf(counts: readonly SourceMinuteCount[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const { minute, events } of counts) sums.set(minute, (sums.get(minute) ?? 0) + events);
  return sums;
}
