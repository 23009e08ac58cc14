import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { tierOfKey } from '#archive-format';
import { ArchiveStorageError, type ArchiveStorage } from '#archive-storage';
import {
  LEGAL_HOLDS_JOB,
  objectsOf,
  type ArchivedStream,
  type ArchivedUnits,
  type LegalHolds,
  type RefusedHold,
} from '#archived-units';
import type { JobQueue } from '#job-queue';
import { keeps, type Hold, type RetentionHolds } from '#retention';
import type { StreamRegistry } from '#storage-tier';

export interface LegalHoldsJobParts {
  readonly storage: Pick<ArchiveStorage, 'setHold'>;
  readonly archived: Pick<ArchivedUnits, 'now'>;
  readonly legalHolds: Pick<LegalHolds, 'of' | 'keep'>;
  readonly holds: Pick<RetentionHolds, 'list'>;
  readonly streams: Pick<StreamRegistry, 'list'>;
  readonly queue: Pick<JobQueue, 'process'>;
  /** Whether the store locks objects at all. */
  readonly locks: boolean;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Brings the store's own legal holds to what holds keep: every object of a held day has one, also in the trash and where late
 * copies came since, and it is lifted where no hold keeps the day any more. What it did not set itself is left alone.
 */
export class LegalHoldsJob implements OnApplicationBootstrap {
  constructor(private readonly parts: LegalHoldsJobParts) {}

  onApplicationBootstrap(): void {
    this.parts.queue.process(LEGAL_HOLDS_JOB, ({ signal }) => this.run(signal));
  }

  /** @throws ArchiveStorageError where it may go through later */
  async run(signal: AbortSignal): Promise<void> {
    if (!this.parts.locks) return;
    const holds = new Map<string, readonly Hold[]>();
    for (const { tenant, name: stream } of await this.parts.streams.list()) {
      if (signal.aborted) return;
      const ofTenant = holds.get(tenant) ?? (await this.parts.holds.list(tenant));
      holds.set(tenant, ofTenant);
      await this.#bring({ tenant, stream }, ofTenant);
    }
  }

  async #bring(of: ArchivedStream, holds: readonly Hold[]): Promise<void> {
    const { legalHolds, logger } = this.parts;
    const wanted = await this.#wanted(of, holds);
    const before = await legalHolds.of(of);
    const known = new Set([...before.held, ...before.setting]);
    const held = before.held.filter((key) => wanted.has(key));
    const missing = [...wanted].filter((key) => !held.includes(key));
    const over = [...known].filter((key) => !wanted.has(key));
    if (missing.length + over.length === 0) return legalHolds.keep(of, { held, setting: [], refused: [] });
    // Known before it is set: whoever is killed in between leaves none that nobody lifts.
    await legalHolds.keep(of, { ...before, setting: [...new Set([...before.setting, ...missing])] });
    const refused: RefusedHold[] = [];
    const set: string[] = [];
    for (const key of missing) if (await this.#set(key, true, refused)) set.push(key);
    const stuck: string[] = [];
    for (const key of over) if (!(await this.#set(key, false, refused))) stuck.push(key);
    const since = new Map(before.refused.map((one) => [one.key, one.since]));
    for (const one of refused)
      if (!since.has(one.key))
        logger.warn({ ...of, ...one }, 'the store refused a legal hold of the archive');
    await legalHolds.keep(of, {
      ...{ held: [...held, ...set, ...stuck], setting: [] },
      refused: refused.map((one) => ({ ...one, since: since.get(one.key) ?? one.since })),
    });
    const changed = { set: set.length, lifted: over.length - stuck.length };
    if (changed.set + changed.lifted > 0)
      logger.info({ ...of, ...changed }, 'legal holds of the archive were changed');
  }

  /** Keys of all objects of days that holds keep. */
  async #wanted(of: ArchivedStream, holds: readonly Hold[]): Promise<ReadonlySet<string>> {
    const { units, trash = [], replaced = [] } = await this.parts.archived.now(of);
    const kept = [...units, ...trash, ...replaced].filter(({ day }) =>
      holds.some((hold) => keeps(hold, { stream: of.stream, day })),
    );
    return new Set(kept.flatMap(objectsOf).filter((key) => tierOfKey(key) === undefined));
  }

  /** Whether it is as wanted now: an object that is gone needs none. */
  async #set(key: string, isHeld: boolean, refused: RefusedHold[]): Promise<boolean> {
    try {
      return await this.parts.storage.setHold(key, isHeld);
    } catch (error) {
      if (!(error instanceof ArchiveStorageError) || error.retryable) throw error;
      if (error.code === 'archive_object_missing') return !isHeld;
      refused.push({ key, detail: error.message, since: new Date().toISOString() });
      return false;
    }
  }
}
