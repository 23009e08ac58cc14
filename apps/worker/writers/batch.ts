import type { Delivery } from '#event-bus';
import type { Block, EventPlace } from '#event-model';
import type { QuarantinedRow, StreamSpec } from '#plugin-kit';
import { minuteOf, type BlockOutcome, type LedgerCount } from '#ledger';
import type { StoredNotice } from '#storage-tier';

/** Blocks of one stream that are stored together. */
export interface Batch {
  /** The same for every try; names the insert, the state and the ledger's entries. */
  readonly id: string;
  readonly stream: StreamSpec;
  readonly deliveries: readonly Delivery[];
}

/** What became of a batch's rows. */
export interface BatchVerdicts {
  readonly stored: number;
  readonly quarantined: readonly QuarantinedRow[];
  /** Rows whose client id was known. */
  readonly deduplicated: readonly EventPlace[];
}

export function blocksOf(batch: Batch): Block[] {
  return batch.deliveries.map(({ block }) => block);
}

/** Bytes of memory that a block holds: its lines, and the text that they were made of. */
export function bytesIn({ body, raw }: Block): number {
  return body.byteLength + (raw?.byteLength ?? 0);
}

export function rowsOf(batch: Batch): number {
  return batch.deliveries.reduce((sum, { block }) => sum + block.header.count, 0);
}

/** What those who follow the events are told when the batch is stored. */
export function noticeOf(batch: Batch): StoredNotice {
  const blocks = blocksOf(batch).map((block) => ({
    id: block.header.id,
    count: block.header.count,
    bytes: bytesIn(block),
  }));
  return { stream: batch.stream, blocks };
}

/** The verdicts block by block, as receipts tell them. */
export function outcomesOf(batch: Batch, verdicts: BatchVerdicts): BlockOutcome[] {
  const quarantined = groupByBlock(verdicts.quarantined);
  const deduplicated = groupByBlock(verdicts.deduplicated);
  return blocksOf(batch).map(({ header }) => ({
    block: header.id,
    tenant: header.tenant,
    stream: header.stream,
    source: header.source,
    receivedMinute: minuteOf(header.receivedAt),
    count: header.count,
    offset: header.offset ?? 0,
    quarantined: quarantined.get(header.id) ?? [],
    deduplicated: (deduplicated.get(header.id) ?? []).map(({ row }) => row),
    dropped: [],
  }));
}

/** The verdicts by source and minute, as the ledger keeps them. */
export function countsOf(outcomes: readonly BlockOutcome[]): LedgerCount[] {
  return outcomes.map((outcome) => ({
    tenant: outcome.tenant,
    stream: outcome.stream,
    source: outcome.source,
    minute: outcome.receivedMinute,
    stored: outcome.count - outcome.quarantined.length - outcome.deduplicated.length - outcome.dropped.length,
    quarantined: outcome.quarantined.length,
    deduplicated: outcome.deduplicated.length,
    dropped: outcome.dropped.length,
  }));
}

function groupByBlock<T extends EventPlace>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.block);
    if (group) group.push(row);
    else groups.set(row.block, [row]);
  }
  return groups;
}
