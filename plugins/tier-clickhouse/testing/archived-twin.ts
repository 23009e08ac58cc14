import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTime, type BlockId } from '#event-model';
import type { ArchivedFiles, AskedStream, StreamPart, StreamSpec } from '#plugin-kit';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import { blockOf, DECLARED, EVERY_FIELD } from './sample-events.js';

/** The first of the days that events are of. */
export const START = parseTime('2026-11-01T00:00:00Z') ?? 0n;
export const DAY_NS = 86_400_000_000_000n;
export const DAYS = 6;
/** Days whose hot copy is gone, and whose is there still. */
const EVICTED = [20_261_101, 20_261_103];
const ANSWERING = [20_261_102, 20_261_105];
const EVENTS_PER_DAY = 40;

/** A tenant with archived days, and one with the same events where nothing was ever archived. */
export interface Twins {
  readonly archived: readonly AskedStream[];
  readonly whole: readonly StreamSpec[];
  readonly blocks: readonly BlockId[];
  readonly folder: string;
  close(): Promise<void>;
}

/** Events of every kind; late ones of archived days stand in the next generation, of which one is archived too. */
export async function makeTwins(tier: ClickHouseTier, engine: Engine): Promise<Twins> {
  const folder = await mkdtemp(join(tmpdir(), 'alluvium-archived-'));
  const [old, latest] = [{ ...DECLARED, version: 1, fields: [] }, DECLARED];
  const tenants = ['kept', 'moved', 'late'];
  const streamsOf = (tenant: string, declared = latest): readonly StreamSpec[] => [
    { tenant, name: 'every', eventType: EVERY_FIELD, keepRaw: 'when_needed' },
    { tenant, name: 'raw', eventType: declared, keepRaw: 'always' },
  ];
  const blocks: BlockId[] = [];
  const store = async (to: readonly string[], lines: readonly string[], declared = latest) => {
    for (const [n] of streamsOf('').entries()) {
      const [first] = streamsOf(to[0] ?? '', declared);
      if (!first) continue;
      const block = blockOf(first, lines, START + 9n * DAY_NS);
      blocks.push(block.header.id);
      for (const tenant of to) {
        const stream = streamsOf(tenant, declared)[n];
        if (!stream) continue;
        const header = { ...block.header, tenant, stream: stream.name };
        await tier.insert({ stream, token: randomUUID(), blocks: [{ ...block, header }], skip: [] });
      }
    }
  };
  await store(['kept', 'moved'], linesOf(1), old);
  const move = async (stream: StreamSpec, day: number, generation: number, stays: boolean) =>
    archiveUnit({ tier, folder }, { stream, day, generation }, stays);
  const units = new Map<string, ArchivedFiles[]>();
  const add = async (declared: typeof DECLARED, days: readonly number[], stays: boolean, generation = 0) => {
    for (const stream of streamsOf('moved', declared))
      for (const day of days)
        units.set(stream.name, [
          ...(units.get(stream.name) ?? []),
          await move(stream, day, generation, stays),
        ]);
  };
  await add(old, EVICTED.slice(0, 1), false);
  await add(old, ANSWERING.slice(0, 1), true);
  for (const tenant of tenants) for (const stream of streamsOf(tenant)) await tier.prepare(stream);
  // Rows of generation 0 of these days would be neither in the files nor in the table that is asked.
  await store(['kept', 'moved'], linesOf(2, [2, 3, 4, 5]));
  await store(['late'], linesOf(3));
  for (const stream of streamsOf('late'))
    for (const tenant of ['kept', 'moved'])
      await engine.run(
        `INSERT INTO ${tableNames(tenant, stream.name).stream} SELECT * REPLACE(1 AS generation, if(row % 3 = 0, unhex('fffe00'), raw) AS raw) FROM ${tableNames('late', stream.name).stream}`,
        { lane: 'write' },
      );
  for (const tenant of ['kept', 'moved'])
    for (const stream of streamsOf(tenant))
      for (const day of await tier.checkRollUps(stream)) await tier.rebuildRollUps(stream, day);
  await add(latest, EVICTED.slice(1), false);
  await add(latest, ANSWERING.slice(1), true);
  await add(latest, EVICTED.slice(0, 1), false, 1);
  await add(latest, ANSWERING.slice(0, 1), true, 1);
  return {
    archived: streamsOf('moved').map((stream) => ({ ...stream, archived: units.get(stream.name) ?? [] })),
    whole: streamsOf('kept'),
    blocks,
    folder,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Exports a unit as its archive, and removes the hot copy as retention does unless it stays. */
export async function archiveUnit(
  { tier, folder }: { readonly tier: ClickHouseTier; readonly folder: string },
  part: StreamPart,
  stays: boolean,
): Promise<ArchivedFiles> {
  const counted = await tier.countUnit(part);
  if (!counted) throw new Error(`Nothing is stored of ${part.stream.name}/${part.day}-${part.generation}.`);
  const unit = { ...part, through: counted.through };
  const path = join(folder, `${part.stream.name}-${part.day}-${part.generation}.parquet`);
  const columns = await tier.exportUnit(unit, path);
  const { events, oldest = 0n, newest = 0n } = await tier.fingerprintFile(path, columns);
  if (!stays) {
    await tier.removeUnit(part, counted.through);
    await tier.rebuildRollUps(part.stream, part.day);
  }
  const { size: bytes } = await stat(path);
  const { day, generation } = part;
  return { day, generation, columns, files: [{ path, bytes }], events, oldest, newest };
}

const LEVELS = ['INFO', 'error', ' Warn ', 'odd', ''];
const MESSAGES = ['order placed', 'Order LOST: ü', '', 'GET /a/b?x=1 500', 'user u1 logged in'];

/** Events of each day, as their number makes them: also of one moment, at both ends of the day, with odd values. */
function linesOf(batch: number, days = [0, 1, 2, 3, 4, 5]): readonly string[] {
  return days.flatMap((day) =>
    Array.from({ length: EVENTS_PER_DAY }, (_, i) => JSON.stringify(eventOf(batch, day, i))),
  );
}

function eventOf(batch: number, day: number, i: number): Record<string, unknown> {
  const n = batch * 1_000 + day * EVENTS_PER_DAY + i;
  const within = i === 0 ? 0n : i === 1 ? DAY_NS - 1n : (BigInt(i % 30) * DAY_NS) / 30n + BigInt(batch % 2);
  return {
    timestamp: String(START + BigInt(day) * DAY_NS + within),
    level: LEVELS[n % 5],
    service: ['a', 'b', 'c d', ''][n % 4],
    message: MESSAGES[n % 7 > 4 ? 0 : n % 7],
    ...(n % 3 === 0 && { trace_id: (n % 9).toString(16).padStart(32, '1') }),
    ...(n % 2 === 0 && { user_id: `u${n % 5}`, status: [200, 404, 500][n % 3] }),
    ...(n % 5 === 0 && { latency_ms: (n % 40) / 4, delta: -n, ok: n % 2 === 0, bytes: n * 1e6 }),
    ...(n % 7 === 0 && { id: `id-${n}`, a_keyword: `k${n % 3}`, 'a.int64': n, a_bool: true }),
    free: [1, '1', { deep: ['x', n % 3] }, null, 12.5][n % 5],
  };
}
