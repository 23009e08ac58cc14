import type { SourceMinuteCount, StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';

/** What events are grouped by for {@link toCount}. */
export const BY_MINUTE =
  "source, toUnixTimestamp(toStartOfMinute(toDateTime(received_at, 'UTC'))) AS minute, count() AS events";

export interface MinuteRow {
  readonly source: string;
  readonly minute: number;
  readonly events: string | number;
  readonly stream?: string;
}

/** Rows of the stream's table; answered from the parts' headers. */
export async function countRows(engine: Engine, stream: StreamSpec): Promise<number> {
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const result = await engine.run(`SELECT count() AS n FROM ${table}`, { lane: 'write' });
  return Number(result.rows<{ n: string }>()[0]?.n ?? 0);
}

/** Rows of the stream's table by source and minute of acceptance. */
export async function countByMinute(engine: Engine, stream: StreamSpec): Promise<SourceMinuteCount[]> {
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const result = await engine.run(`SELECT ${BY_MINUTE} FROM ${table} GROUP BY source, minute`, {
    lane: 'read',
  });
  return result.rows<MinuteRow>().map(toCount);
}

/** Rows of the tenant's quarantine by stream, source and minute of acceptance. */
export async function countQuarantine(
  engine: Engine,
  tenant: string,
): Promise<(SourceMinuteCount & { stream: string })[]> {
  const { quarantine } = tableNames(tenant, '');
  const result = await engine.run(
    `SELECT stream, ${BY_MINUTE} FROM ${quarantine} GROUP BY stream, source, minute`,
    { lane: 'read' },
  );
  return result.rows<MinuteRow>().map((row) => ({ ...toCount(row), stream: row.stream ?? '' }));
}

export function toCount(row: MinuteRow): SourceMinuteCount {
  return { source: row.source, minute: row.minute * 1000, events: Number(row.events) };
}
