import type { BlockId, EventPlace } from '#event-model';
import type { QuarantineFilter } from '#plugin-kit';
import type { BoundValues } from '../search/bound-values.js';
import { momentOf } from '../search/range-sql.js';
import { blockLiteral } from '../write/present.js';

/** The condition on the tenant's quarantine that a filter stands for. */
export function renderRefusedWhere(filter: QuarantineFilter, values: BoundValues): string {
  const conditions = (['stream', 'source', 'reason', 'parser'] as const).flatMap((column) => {
    const value = filter[column];
    return value === undefined ? [] : [`${column} = ${values.bind('String', value)}`];
  });
  if (filter.block) conditions.push(`block = ${blockLiteral(filter.block)}`);
  if (filter.from !== undefined) conditions.push(`received_at >= ${momentOf(filter.from, values)}`);
  if (filter.to !== undefined) conditions.push(`received_at < ${momentOf(filter.to, values)}`);
  return conditions.length === 0 ? '1' : conditions.join(' AND ');
}

/** The condition that a row is one of these places: rows of a block are often neighbours, and texts of pairs take long to read. */
export function placedAt(places: readonly EventPlace[]): string {
  const rows = new Map<BlockId, number[]>();
  for (const { block, row } of places) {
    const known = rows.get(block);
    if (known) known.push(row);
    else rows.set(block, [row]);
  }
  if (rows.size === 0) return '0';
  const blocks = [...rows].map(([block, some]) => `(block = ${blockLiteral(block)} AND ${rowsAre(some)})`);
  return `block IN (${[...rows.keys()].map(blockLiteral).join(', ')}) AND (${blocks.join(' OR ')})`;
}

function rowsAre(rows: readonly number[]): string {
  const [first, last] = [Math.min(...rows), Math.max(...rows)].map(Math.trunc);
  return new Set(rows).size === Number(last) - Number(first) + 1
    ? `row BETWEEN ${first} AND ${last}`
    : `row IN (${rows.map(Math.trunc).join(', ')})`;
}
