import type { MergedOrder } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { quoteName } from '../schema/names.js';
import { renderStructure } from './archive-columns.js';
import { FILE_OF_EVENTS } from './export-unit.js';

/** Bytes of rows that are sorted in memory: more goes to disk. */
const SORTED_IN_MEMORY = 256 * 2 ** 20;

const SETTINGS = [...FILE_OF_EVENTS, `max_bytes_before_external_sort = ${SORTED_IN_MEMORY}`];

/** Makes one file of the events of several, in the order of their table: that is total, so the bytes are the same each time. */
export async function mergeFiles(
  engine: Engine,
  ...[paths, { columns, sortedBy }, target, signal]: [
    paths: readonly string[],
    order: MergedOrder,
    target: string,
    signal?: AbortSignal | undefined,
  ]
): Promise<void> {
  const structure = renderStructure(columns);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const key = sortedBy.map(quoteName).join(', ');
  const ask = (...files: string[]): string => {
    const all = files.map((file) => `SELECT ${names} FROM ${file}`).join(' UNION ALL ');
    return `SELECT ${names} FROM (${all}) ORDER BY ${key}`;
  };
  await engine.convertFile(ask, {
    from: paths.map((path) => ({ path, format: 'Parquet', structure })),
    ...{ to: { path: target, format: 'Parquet' }, settings: SETTINGS },
    ...(signal && { signal }),
  });
}
