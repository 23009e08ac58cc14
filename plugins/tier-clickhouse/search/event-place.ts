import type { ArchivedFiles, AskedStream } from '#plugin-kit';
import { readAsTable } from '../archive/file-columns.js';
import { partitionId } from '../rewrite/part.js';
import { columnsOf } from '../schema/columns.js';
import { quoteName, quoteText, tableNames } from '../schema/names.js';
import type { BoundValues } from './bound-values.js';
import type { Span } from './whole-span.js';

/** Those of a stream's archived units that have events within a stretch of time. */
export function archivedIn({ archived = [] }: AskedStream, { from, to }: Span): readonly ArchivedFiles[] {
  return archived.filter(({ oldest, newest }) => oldest < to && newest >= from);
}

/**
 * Where the events of a stream stand in a statement: its table or, where archived units have events within the stretch,
 * the table without their partitions and their files with it. So an event of which both copies are there is found once.
 */
export function renderPlace(stream: AskedStream, span: Span, values: BoundValues): string {
  return renderPlaceOf(stream, archivedIn(stream, span), values);
}

/** The same with given units. */
export function renderPlaceOf(
  stream: AskedStream,
  units: readonly ArchivedFiles[],
  values: BoundValues,
): string {
  const { stream: table } = tableNames(stream.tenant, stream.name);
  if (units.length === 0) return table;
  const columns = columnsOf(stream.eventType).map(({ name }) => quoteName(name));
  const apart = units.map((unit) => quoteText(partitionId(unit))).join(', ');
  const hot = `SELECT ${columns.join(', ')} FROM ${table} WHERE _partition_id NOT IN (${apart})`;
  return `(${[hot, ...units.flatMap((unit) => filesOf(stream, unit, values))].join(' UNION ALL ')})`;
}

/** Each file by itself: where several were named by a pattern, one that is missing would be no error. */
function filesOf(
  { eventType }: AskedStream,
  { columns, files }: ArchivedFiles,
  values: BoundValues,
): readonly string[] {
  const { structure, select } = readAsTable(eventType, columns);
  return files.map(({ path, bytes }) => `SELECT ${select} FROM ${values.file({ path, bytes, structure })}`);
}
