import { parseBlockId, type BlockId, type EventPlace } from '#event-model';
import type { InsertReport, PresentRows, QuarantinedRow, StreamSpec, TierBatch } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { quoteText, tableNames } from '../schema/names.js';

interface StoredRow {
  readonly b: string;
  readonly rows: readonly number[];
}
interface RefusedRow {
  readonly b: string;
  readonly row: number;
  readonly reason: string;
}

/** Which rows of these blocks the table and the quarantine have. */
export async function presentRows(
  engine: Engine,
  stream: StreamSpec,
  blocks: readonly BlockId[],
): Promise<readonly PresentRows[]> {
  if (blocks.length === 0) return [];
  const names = tableNames(stream.tenant, stream.name);
  const where = `block IN (${blocks.map(blockLiteral).join(', ')})`;
  const [stored, refused] = await Promise.all([
    engine.run(
      `SELECT lower(hex(block)) AS b, arraySort(groupArray(row)) AS rows FROM ${names.stream} WHERE ${where} GROUP BY b`,
      { lane: 'write' },
    ),
    engine.run(
      `SELECT lower(hex(block)) AS b, row, reason FROM ${names.quarantine} WHERE ${where} AND stream = ${quoteText(stream.name)} ORDER BY block, row`,
      { lane: 'write' },
    ),
  ]);
  return join(blocks, stored.rows<StoredRow>(), refused.rows<RefusedRow>());
}

/** What of a batch is in the tables. */
export async function countPresent(engine: Engine, batch: TierBatch): Promise<InsertReport> {
  const blocks = batch.blocks.map(({ header }) => header.id);
  const skipped = new Set(batch.skip.map(({ block, row }) => `${block}-${row}`));
  const present = await presentRows(engine, batch.stream, blocks);
  const isNew = (block: BlockId, row: number): boolean =>
    skipped.size === 0 || !skipped.has(`${block}-${row}`);
  return {
    stored: present.reduce(
      (sum, { block, stored }) => sum + stored.filter((row) => isNew(block, row)).length,
      0,
    ),
    quarantined: present.flatMap(({ block, quarantined }) =>
      quarantined.filter(({ row }) => isNew(block, row)),
    ),
  };
}

/** Every row of a batch that is in the table or the quarantine. */
export async function presentPlaces(engine: Engine, batch: TierBatch): Promise<readonly EventPlace[]> {
  const present = await presentRows(
    engine,
    batch.stream,
    batch.blocks.map(({ header }) => header.id),
  );
  return present.flatMap(({ block, stored, quarantined }) => [
    ...stored.map((row) => ({ block, row })),
    ...quarantined.map(({ row }) => ({ block, row })),
  ]);
}

export function blockLiteral(block: BlockId): string {
  return `unhex(${quoteText(block)})`;
}

function join(
  blocks: readonly BlockId[],
  stored: readonly StoredRow[],
  refused: readonly RefusedRow[],
): readonly PresentRows[] {
  const storedOf = new Map(stored.map(({ b, rows }) => [b, rows]));
  const refusedOf = new Map<string, QuarantinedRow[]>();
  for (const { b, row, reason } of refused) {
    const block = parseBlockId(b);
    if (block) refusedOf.set(b, [...(refusedOf.get(b) ?? []), { block, row, reason }]);
  }
  return blocks.map((block) => ({
    block,
    stored: storedOf.get(block) ?? [],
    quarantined: refusedOf.get(block) ?? [],
  }));
}
