import type { Delivery } from '#event-bus';
import type { Block, EventPlace } from '#event-model';
import type { QuarantinedRow, StreamSpec } from '#plugin-kit';
import { allRows, countRows, minuteOf, type BlockOutcome, type LedgerCount } from '#ledger';
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

/** The blocks that have events to be stored; the others are only accounted for. */
export function storedBlocksOf(batch: Batch): Block[] {
  return blocksOf(batch).filter(({ header }) => header.dropped === undefined);
}

/** Bytes of memory that a block holds: its lines, and the text that they were made of. */
export function bytesIn({ body, raw }: Block): number {
  return body.byteLength + (raw?.byteLength ?? 0);
}

/** Events that the tables, or the index of client ids, must have when the batch is stored. */
export function rowsOf(batch: Batch): number {
  return storedBlocksOf(batch).reduce((sum, { header }) => sum + header.count, 0);
}

/** What those who follow the events are told when the batch is stored. */
export function noticeOf(batch: Batch): StoredNotice {
  const blocks = storedBlocksOf(batch).map((block) => ({
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
    dropped: header.dropped === undefined ? {} : { [header.dropped]: allRows(header.count) },
    ...(header.indexes !== undefined && { indexes: header.indexes }),
  }));
}

/** The verdicts by source and minute, as the ledger keeps them. */
export function countsOf(outcomes: readonly BlockOutcome[]): LedgerCount[] {
  return outcomes.map(countOf);
}

function countOf(outcome: BlockOutcome): LedgerCount {
  const { tenant, stream, source, receivedMinute: minute } = outcome;
  const policies = Object.entries(outcome.dropped).map(
    ([policy, rows]) => [policy, countRows(rows, 0, outcome.count - 1)] as const,
  );
  const dropped = policies.reduce((sum, [, count]) => sum + count, 0);
  const quarantined = outcome.quarantined.length;
  const deduplicated = outcome.deduplicated.length;
  return {
    ...{ tenant, stream, source, minute, quarantined, deduplicated, dropped },
    stored: outcome.count - quarantined - deduplicated - dropped,
    ...(dropped > 0 && { dropped_by: Object.fromEntries(policies) }),
  };
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
