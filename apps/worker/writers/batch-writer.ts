import type { Logger } from 'pino';
import type { ArchivedUnits } from '#archived-units';
import { formatEventId, type EventPlace } from '#event-model';
import type { Subscription } from '#event-bus';
import { BlockOutcomes, LedgerWriter } from '#ledger';
import {
  TierError,
  type ClaimIds,
  type IdentifiedEvent,
  type InsertReport,
  type TierBatch,
} from '#plugin-kit';
import type { CopiesDue, PrimaryTier, StoredNotices } from '#storage-tier';
import {
  blocksOf,
  countsOf,
  noticeOf,
  outcomesOf,
  rowsOf,
  storedBlocksOf,
  type Batch,
  type BatchVerdicts,
} from './batch.js';
import type { ClientIdIndex } from './client-id-index.js';
import type { IngestStateRecord } from './ingest-state.js';
import { InsertProtocol } from './insert-protocol.js';
import { pause } from './pause.js';
import type { TimedWrite } from './write-metrics.js';

/** Longest wait between two tries: milliseconds. */
const LONGEST_WAIT_MS = 5_000;
/** What a batch comes to whose events are all dropped. */
const NOTHING_TO_STORE: BatchVerdicts = { stored: 0, quarantined: [], deduplicated: [] };

export interface BatchWriterParts {
  readonly tier: PrimaryTier;
  readonly ids: ClientIdIndex;
  /** Asked at the begin of each batch: days are sealed only while none is under way. */
  readonly archived: Pick<ArchivedUnits, 'sealed'>;
  readonly outcomes: BlockOutcomes;
  readonly ledger: LedgerWriter;
  /** What is to be copied into the other store. */
  readonly due: Pick<CopiesDue, 'changesFor'>;
  /** Told of each batch once its blocks are off the bus. */
  readonly notices: Pick<StoredNotices, 'tell'>;
  readonly timed: TimedWrite;
  readonly logger: Pick<Logger, 'warn'>;
  readonly reach: (faultPoint: string) => void;
}

/** What a batch is written under: the state of its stream's single writer, and where its blocks are committed. */
export interface BatchScope {
  readonly state: IngestStateRecord;
  readonly commit: Subscription['commit'];
  /** Aborted when the process stops or the lane is lost: the batch is left for whoever comes next. */
  readonly signal: AbortSignal;
}

/**
 * Stores one batch exactly once: BEFORE → insert → AFTER → commit. Whatever is in between when the process ends is found
 * again by the state and settled by reading back.
 */
export class BatchWriter {
  readonly #protocol: InsertProtocol;

  constructor(private readonly parts: BatchWriterParts) {
    this.#protocol = new InsertProtocol(parts.tier);
  }

  /** Writes a batch; `inDoubt` where an insert of it may have happened before. */
  async write(batch: Batch, scope: BatchScope, inDoubt: boolean): Promise<void> {
    const { reach } = this.parts;
    scope.signal.throwIfAborted();
    reach('worker.before-state');
    if (!inDoubt)
      await scope.state.before(
        batch.id,
        blocksOf(batch).map(({ header }) => header.id),
      );
    reach('worker.after-state');
    const verdicts = await this.#store(batch, scope, inDoubt);
    reach('worker.after-insert');
    await this.#account(batch, scope, verdicts);
    reach('worker.before-commit');
    await this.commit(batch, scope);
  }

  /** Takes a batch that is stored and accounted for off the bus. */
  async commit(batch: Batch, scope: BatchScope): Promise<void> {
    await scope.commit(batch.deliveries);
    const notice = noticeOf(batch);
    if (notice.blocks.length > 0) this.parts.notices.tell(notice);
  }

  async #store(batch: Batch, scope: BatchScope, inDoubt: boolean): Promise<BatchVerdicts> {
    const blocks = storedBlocksOf(batch);
    if (blocks.length === 0) return NOTHING_TO_STORE;
    const sealed = await this.parts.archived.sealed(batch.stream);
    const tierBatch: TierBatch = {
      ...{ stream: batch.stream, token: batch.id, blocks, skip: [] },
      ...(sealed && { sealed }),
    };
    for (let attempt = 1, settle = inDoubt; ; attempt += 1, settle = true) {
      try {
        const verdicts = await this.parts.timed(this.parts.tier.name, () => this.#try(tierBatch, settle));
        this.#check(batch, verdicts);
        return verdicts;
      } catch (error) {
        scope.signal.throwIfAborted();
        this.#report(error, batch, attempt);
        await pause(Math.min(LONGEST_WAIT_MS, 100 * 2 ** attempt), scope.signal);
      }
    }
  }

  async #try(batch: TierBatch, settle: boolean): Promise<BatchVerdicts> {
    const { ids } = this.parts;
    let withIds: readonly IdentifiedEvent[] = [];
    let deduplicated: readonly EventPlace[] = [];
    const claim: ClaimIds = async (events) => {
      withIds = events;
      deduplicated = await ids.claim(batch.stream, events);
      return deduplicated;
    };
    const report = settle ? await this.#settle(batch, claim) : await this.#insert(batch, claim);
    const refused = new Set(report.quarantined.map(({ block, row }) => formatEventId(block, row)));
    await ids.release(
      batch.stream,
      withIds.filter(({ block, row }) => refused.has(formatEventId(block, row))),
    );
    return { ...report, deduplicated };
  }

  async #insert(batch: TierBatch, claim: ClaimIds): Promise<InsertReport> {
    const report = await this.#protocol.insert(batch, claim);
    this.parts.reach('worker.insert-answered');
    return report;
  }

  async #settle(batch: TierBatch, claim: ClaimIds): Promise<InsertReport> {
    const report = await this.#protocol.settle(batch, claim);
    this.parts.reach('worker.after-read-back');
    return report;
  }

  /** The tables' own counts must add up before anything is committed. */
  #check(batch: Batch, { stored, quarantined, deduplicated }: BatchVerdicts): void {
    const found = stored + quarantined.length + deduplicated.length;
    if (found !== rowsOf(batch))
      throw new TierError(
        'unavailable',
        `A batch of ${rowsOf(batch)} rows is found as ${found}; it is read back again.`,
      );
  }

  async #account(batch: Batch, scope: BatchScope, verdicts: BatchVerdicts): Promise<void> {
    const outcomes = outcomesOf(batch, verdicts);
    const ledger = await this.parts.ledger.changesFor(batch.id, countsOf(outcomes));
    // Receipts say themselves what policies dropped: a record for each request of a busy rule would fill the disk.
    const told = outcomes.filter(({ dropped }) => Object.keys(dropped).length === 0);
    const blocks = storedBlocksOf(batch).map(({ header }) => header.id);
    const due = this.parts.due.changesFor(batch.stream, batch.id, blocks);
    await scope.state.after([...this.parts.outcomes.changesFor(told), ...ledger, ...due]);
  }

  #report(error: unknown, batch: Batch, attempt: number): void {
    const { tenant, name } = batch.stream;
    this.parts.logger.warn(
      { err: error, tenant, stream: name, batch: batch.id, attempt },
      'a batch is tried again',
    );
  }
}
