import type { StatementResult } from './engine.js';

/** The engine's format in which an answer says what was read for it; `JSONEachRow` doesn't. */
export const RESULT_FORMAT = 'JSONCompact';

interface CompactResult {
  readonly meta: readonly { readonly name: string }[];
  readonly data: readonly (readonly unknown[])[];
}

/** Where the statistics stand: behind all rows. */
const TAIL = 300;

/** An answer in {@link RESULT_FORMAT}; empty text is what a statement without rows answers. */
export function compactResult(text: string, elapsedMs: number): StatementResult {
  const tail = text.slice(-TAIL);
  const statistic = (name: string): number => Number(new RegExp(`"${name}":\\s*(\\d+)`).exec(tail)?.[1] ?? 0);
  return {
    rows: <T>() => rowsOf<T>(text),
    elapsedMs,
    rowsRead: statistic('rows_read'),
    bytesRead: statistic('bytes_read'),
    rowsBeforeLimit: statistic('rows_before_limit_at_least'),
  };
}

function rowsOf<T>(text: string): T[] {
  if (text === '') return [];
  const { meta, data } = JSON.parse(text) as CompactResult;
  const names = meta.map(({ name }) => name);
  return data.map((values) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) row[names[index] ?? ''] = values[index];
    return row as T;
  });
}
