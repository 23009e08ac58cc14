import type { EventPlace } from '#event-model';
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

/** A list of places, as the table's key has them. */
export function placeList(places: readonly EventPlace[]): string {
  return `(${places.map(({ block, row }) => `('${binary(block)}', ${Math.trunc(row)})`).join(', ')})`;
}

/** The bytes of a block id as the engine reads them in a literal. */
function binary(block: string): string {
  return block.replaceAll(/../g, '\\x$&');
}
