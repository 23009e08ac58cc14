import { parseBlockId, type BlockId } from '#event-model';
import type { PartBlock, StoredForm, StoredPart, StreamPart, StreamSpec, TimeSpan } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { databaseName, quoteText, tableNames } from '../schema/names.js';
import { inPartition, partitionId, partOfId } from './part.js';
import { FORM, lineParser } from './stored-form.js';

interface FormRow {
  readonly part: string;
  readonly form: StoredForm;
  readonly parser: string;
  readonly events: string;
}
interface SizeRow {
  readonly part: string;
  readonly events: string;
  readonly bytes: string;
}

/** Leaves room for searches. */
const GENTLE = 'SETTINGS max_threads = 1, os_threads_nice_value_query = 10';

/** The condition that an event's time is in the span. */
export function inSpan({ from, to }: TimeSpan): string {
  const time = (ns: bigint): string => `fromUnixTimestamp64Nano(toInt64(${ns}), 'UTC')`;
  return `timestamp >= ${time(from)} AND timestamp < ${time(to)}`;
}

/** Partitions with events of the span, by what is there to be read again. */
export async function storedParts(
  engine: Engine,
  stream: StreamSpec,
  span: TimeSpan,
): Promise<readonly StoredPart[]> {
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const columns = `_partition_id AS part, ${FORM} AS form, ${lineParser(stream.eventType)} AS parser, count() AS events`;
  const statement = `SELECT ${columns} FROM ${table} WHERE ${inSpan(span)} GROUP BY part, form, parser ORDER BY events DESC ${GENTLE}`;
  const found = (await engine.run(statement, { lane: 'read' })).rows<FormRow>();
  const sizes = await sizesOf(engine, stream);
  return [...new Set(found.map(({ part }) => part))]
    .map((part) => ({
      ...partOfId(part),
      partEvents: sizes.get(part)?.events ?? 0,
      diskBytes: sizes.get(part)?.bytes ?? 0,
      forms: found
        .filter((row) => row.part === part)
        .map(({ form, parser, events }) => ({ form, parser, events: Number(events) })),
    }))
    .sort((a, b) => b.day - a.day || b.generation - a.generation);
}

/** Blocks of a part, in their order. */
export async function blocksOfPart(
  engine: Engine,
  part: StreamPart,
  { limit, after }: { readonly limit: number; readonly after?: BlockId },
): Promise<readonly PartBlock[]> {
  const { stream: table } = tableNames(part.stream.tenant, part.stream.name);
  const behind = after === undefined ? '' : ` AND block > toFixedString(unhex(${quoteText(after)}), 16)`;
  const statement = `SELECT lower(hex(block)) AS b, count() AS events, sum(byteSize(*)) AS bytes FROM ${table} WHERE ${inPartition(partitionId(part))}${behind} GROUP BY block ORDER BY block LIMIT ${Math.trunc(limit)} ${GENTLE}`;
  const rows = (await engine.run(statement, { lane: 'read' })).rows<{
    b: string;
    events: string;
    bytes: string;
  }>();
  return rows.flatMap(({ b, events, bytes }) => {
    const block = parseBlockId(b);
    return block ? [{ block, events: Number(events), bytes: Number(bytes) }] : [];
  });
}

/** Events and bytes of disk of each partition. */
export async function sizesOf(engine: Engine, { tenant, name }: StreamSpec) {
  const where = `active AND database = ${quoteText(databaseName(tenant))} AND table = ${quoteText(`stream.${name}`)}`;
  const statement = `SELECT partition_id AS part, sum(rows) AS events, sum(bytes_on_disk) AS bytes FROM system.parts WHERE ${where} GROUP BY part`;
  const rows = (await engine.run(statement, { lane: 'read' })).rows<SizeRow>();
  return new Map(
    rows.map(({ part, events, bytes }) => [part, { events: Number(events), bytes: Number(bytes) }]),
  );
}
