import { randomUUID } from 'node:crypto';
import { formatEventId, type EventPlace } from '#event-model';
import { MigrationError } from '#migration';
import type { QuarantineTier, RefusedLine, StreamSpec, WritableTier } from '#plugin-kit';
import type { StreamRegistry } from '#storage-tier';
import { ordersOf } from '../quarantine/orders.js';
import { refusedBlocks } from './refused-blocks.js';
import { untilDone } from './until-done.js';

/** Places that are looked up at once. */
const PAGE = 5_000;
const DAY_NS = 86_400_000_000_000n;

export interface QuarantineSides {
  /** Those of the old appliance. */
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly from: Pick<QuarantineTier, 'refusedPlaces' | 'refusedLines'>;
  readonly to: Pick<QuarantineTier, 'countRefused' | 'refusedLines'> &
    Pick<WritableTier, 'insert' | 'present'>;
  readonly failed: (error: unknown) => void;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Copies the refused events of tenants as they are: each with its place, time, reason, parser and bytes, compared when it is
 * there. What an earlier call has brought stays. Nothing else may write to either side.
 *
 * @returns events that are there
 * @throws MigrationError `migration_failed`
 */
export async function moveQuarantine(tenants: readonly string[], sides: QuarantineSides): Promise<number> {
  let moved = 0;
  for (const tenant of tenants) moved += await moveTenant(tenant, sides);
  return moved;
}

async function moveTenant(tenant: string, sides: QuarantineSides): Promise<number> {
  let moved = 0;
  for (let after: EventPlace | undefined; ;) {
    const page = await sides.from.refusedPlaces({ tenant }, { limit: PAGE, ...(after && { after }) });
    for (const [name, places] of ordersOf(page)) {
      const stream = await sides.streams.find(tenant, name);
      if (!stream) throw failed(`${tenant}/${name}`, 'the old appliance has no such stream');
      const lines = await sides.from.refusedLines(stream, places);
      // A part of a table is of one day, and an insert makes few parts.
      for (const some of byDay(lines)) await untilDone(() => bring(stream, some, sides), sides.failed);
      moved += lines.length;
    }
    after = page.at(-1);
    if (page.length < PAGE) break;
  }
  const { total } = await sides.to.countRefused({ tenant });
  if (total !== moved) throw failed(tenant, `${moved} were brought, and ${total} are there`);
  return moved;
}

async function bring(
  stream: StreamSpec,
  lines: readonly RefusedLine[],
  sides: QuarantineSides,
): Promise<void> {
  const { to, reach } = sides;
  refuseBroken(stream, lines);
  // It waits for an insert of a call that was killed.
  await to.present(stream, [...new Set(lines.map(({ block }) => block))]);
  const there = new Set((await to.refusedLines(stream, lines)).map(idOf));
  const missing = lines.filter((line) => !there.has(idOf(line)));
  if (missing.length > 0)
    await to.insert({ stream, token: randomUUID(), blocks: refusedBlocks(stream, missing), skip: [] });
  reach('migrate.refused-brought');
  const found = new Map((await to.refusedLines(stream, lines)).map((line) => [idOf(line), line]));
  for (const line of lines) {
    const copy = found.get(idOf(line));
    if (!copy || !isSame(line, copy)) throw failed(nameOf(stream, line), 'it is not there as it was');
  }
}

/** A line feed ends a line of a block. */
function refuseBroken(stream: StreamSpec, lines: readonly RefusedLine[]): void {
  const broken = lines.find(({ raw }) => raw.length === 0 || raw.includes(0x0a));
  if (broken) throw failed(nameOf(stream, broken), 'it is no line of text');
}

function byDay(lines: readonly RefusedLine[]): Iterable<readonly RefusedLine[]> {
  const days = new Map<bigint, RefusedLine[]>();
  for (const line of lines) {
    const day = line.receivedAt / DAY_NS;
    const some = days.get(day);
    if (some) some.push(line);
    else days.set(day, [line]);
  }
  return days.values();
}

function isSame(a: RefusedLine, b: RefusedLine): boolean {
  const isText = a.source === b.source && a.reason === b.reason && a.parser === b.parser;
  return isText && a.receivedAt === b.receivedAt && Buffer.compare(a.raw, b.raw) === 0;
}

function idOf({ block, row }: EventPlace): string {
  return formatEventId(block, row);
}

function nameOf({ tenant, name }: StreamSpec, place: EventPlace): string {
  return `${tenant}/${name}/${idOf(place)}`;
}

function failed(what: string, why: string): MigrationError {
  return new MigrationError(
    'migration_failed',
    `The refused events of ${what} were not moved: ${why}. Nothing was changed in the old data directory; mend it and call the same command again, or leave them with --leave-quarantine and an empty ClickHouse database.`,
  );
}
