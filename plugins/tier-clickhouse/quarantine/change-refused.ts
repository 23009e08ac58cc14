import type { EventPlace } from '#event-model';
import type { NewReason, StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { quoteText, tableNames } from '../schema/names.js';
import { placedAt } from './refused-where.js';
import { refusedAt } from './refused-rows.js';

/** The statement ends when the change is on disk. */
const AWAITED = 'SETTINGS mutations_sync = 1';

/** Takes rows out of quarantine; a repeat changes nothing. */
export async function removeRefused(
  engine: Engine,
  stream: StreamSpec,
  places: readonly EventPlace[],
): Promise<void> {
  if (places.length === 0) return;
  const { quarantine } = tableNames(stream.tenant, stream.name);
  await engine.run(`ALTER TABLE ${quarantine} DELETE WHERE ${refusedAt(stream, places)} ${AWAITED}`, {
    lane: 'write',
  });
}

/** Writes other reasons and parsers to rows that stay; a repeat changes nothing. */
export async function renameRefused(
  engine: Engine,
  stream: StreamSpec,
  rows: readonly NewReason[],
): Promise<void> {
  if (rows.length === 0) return;
  const { quarantine } = tableNames(stream.tenant, stream.name);
  const changes = [`reason = ${chosen(rows, 'reason')}`, `parser = ${chosen(rows, 'parser')}`];
  await engine.run(
    `ALTER TABLE ${quarantine} UPDATE ${changes.join(', ')} WHERE ${refusedAt(stream, rows)} ${AWAITED}`,
    { lane: 'write' },
  );
}

/** The new value of each row: there are few different ones. */
function chosen(rows: readonly NewReason[], column: 'reason' | 'parser'): string {
  const groups = new Map<string, NewReason[]>();
  for (const row of rows) groups.set(row[column], [...(groups.get(row[column]) ?? []), row]);
  const cases = [...groups].map(([value, some]) => `${placedAt(some)}, ${quoteText(value)}`);
  return `multiIf(${cases.join(', ')}, ${column})`;
}
