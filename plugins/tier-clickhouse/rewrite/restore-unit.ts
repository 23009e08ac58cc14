import { TierError, type ArchivedFiles, type StreamPart } from '#plugin-kit';
import { readAsTable } from '../archive/file-columns.js';
import { columnsOf } from '../schema/columns.js';
import { quoteName, tableNames } from '../schema/names.js';
import { BoundValues } from '../search/bound-values.js';
import { GENTLE } from './copy-statements.js';
import { beginCopy, dropCopy } from './fill-copy.js';
import { inPartition, partitionId } from './part.js';
import { replacePartition, type SwapContext } from './swap.js';

/**
 * Puts a unit's files into the stream's table: into a copy beside it first, which takes the partition's place in one step when
 * it has every event. So a unit is there as a whole or not at all, and is put there again without harm.
 */
export async function restoreUnit(
  { engine, reach }: SwapContext,
  part: StreamPart,
  ...[unit, signal]: [unit: ArchivedFiles, signal?: AbortSignal | undefined]
): Promise<void> {
  const names = tableNames(part.stream.tenant, part.stream.name);
  await beginCopy(engine, part);
  for (const file of unit.files) {
    const values = new BoundValues();
    const { structure, select } = readAsTable(part.stream.eventType, unit.columns);
    const columns = columnsOf(part.stream.eventType).map(({ name }) => quoteName(name));
    // A merged unit has events of earlier generations: here they are of its own.
    const own = `toUInt16(${Math.trunc(part.generation)}) AS generation`;
    const statement = `INSERT INTO ${names.rewrite} (${columns.join(', ')}) SELECT * REPLACE (${own}) FROM (SELECT ${select} FROM ${values.file({ ...file, structure })}) SETTINGS ${GENTLE}`;
    await engine.run(statement, {
      ...{ lane: 'read', parameters: values.parameters },
      ...(signal && { signal }),
    });
  }
  const partition = partitionId(part);
  const counted = await engine.run(
    `SELECT count() AS n, countIf(${inPartition(partition)}) AS own FROM ${names.rewrite}`,
    { lane: 'read' },
  );
  const [row] = counted.rows<{ readonly n: string; readonly own: string }>();
  if (Number(row?.n) !== unit.events || Number(row?.own) !== unit.events)
    throw new TierError(
      'data',
      `The files of ${partition} have ${row?.n} events, ${row?.own} of them of that unit, and not ${unit.events}.`,
    );
  reach('tier.restore-filled');
  await engine.run(replacePartition(names.stream, names.rewrite, partition), { lane: 'write' });
  reach('tier.restore-replaced');
  await dropCopy(engine, part.stream);
}
