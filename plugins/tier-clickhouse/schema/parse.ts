import type { EventTypeDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { columnsOf } from './columns.js';
import { extractLevels, inputFieldsOf, type InputField } from './input-keys.js';
import { quoteName, quoteText } from './names.js';
import { exactLine, formSteps, keyLevels, lineLevels, sentShape } from './line-levels.js';
import { renderReason } from './reason.js';
import { generationOf, SEALED_COLUMNS } from './sealed-days.js';
import { renderSeverity } from './severity.js';
import { nestLevels, type Step } from './step.js';
import { eventTime, timeRead } from './timestamp.js';
import {
  IS_TEXT,
  isRefusedText,
  rawColumn,
  REFUSED_BYTES,
  REFUSED_PARSER,
  refusedParser,
  TEXT_REASON,
  TEXT_SHAPE,
} from './text-lines.js';
import { renderValue } from './values.js';

/** What a line comes with. */
const ENTRY_COLUMNS = ['block', 'row', 'received_at', 'source', ...SEALED_COLUMNS, 'line', 'original'];

/**
 * Settings of statements over {@link renderParse} and its like. To rewrite their expressions takes the engine longer than
 * to insert a few thousand rows, and saves nothing.
 */
export const AS_WRITTEN: readonly string[] = [
  'optimize_and_compare_chain = 0',
  'query_plan_merge_expressions = 0',
  'compile_expressions = 0',
];

/**
 * The statement that turns raw lines into columns: one JSONExtract for what is declared; only lines that are not plainly
 * what the type declares (`_simple`) are taken apart key by key (`_kv`) for undeclared fields, exactness and the reason
 * of a refusal. Every expression is total: no input makes an insert fail.
 */
export function renderParse(stream: StreamSpec, from: string): string {
  const columns = parsedColumns(stream).map(([name, value]) => `${value} AS ${quoteName(name)}`);
  const wanted = columns.join(', ');
  const source = { table: from, columns: ENTRY_COLUMNS };
  return `SELECT ${wanted} FROM ${nestLevels(parseLevels(inputFieldsOf(stream.eventType)), source, wanted)}`;
}

/** The levels up to the event's time, for statements that must know days before they insert. */
export function timeLevels(eventType: EventTypeDeclaration): readonly (readonly Step[])[] {
  return [...extractLevels(inputFieldsOf(eventType)), [timeRead()], [eventTime()]];
}

/** As few levels as can be: the engine resolves every column again at each. */
function parseLevels(fields: readonly InputField[]): readonly (readonly Step[])[] {
  return [
    ...extractLevels(fields),
    [timeRead(), ...formSteps(fields)],
    ...withEventTime(lineLevels(fields)),
    ...keyLevels(fields),
  ];
}

function withEventTime([first = [], ...rest]: readonly (readonly Step[])[]): readonly (readonly Step[])[] {
  return [[eventTime(), ...first], ...rest];
}

function parsedColumns({ eventType, keepRaw }: StreamSpec): readonly Step[] {
  const fields = inputFieldsOf(eventType);
  const values = new Map<string, string>([
    ...['block', 'row', 'received_at', 'source'].map((name) => [name, name] as const),
    ...fields.map(({ field }) => [field.name, renderValue(field)] as const),
    ['generation', generationOf('_event_time')],
    ['timestamp', '_event_time'],
    ['event_type', `ifNull(nullIf(${quoteName('value.event_type')}, ''), ${quoteText(eventType.name)})`],
    ['severity_number', renderSeverity(fields.map(({ field }) => field))],
    ['attributes', "CAST(_once, 'Map(LowCardinality(String), String)')"],
    ['shape', `if(${IS_TEXT}, ${quoteText(TEXT_SHAPE)}, ${sentShape(fields, eventType.name)})`],
    ['raw', rawColumn(keepRaw, keepRaw === 'always' ? 'line' : `if(${exactLine(fields)}, '', line)`)],
  ]);
  const columns = columnsOf(eventType).map(({ name }): Step => [name, values.get(name) ?? "''"]);
  return [
    ...columns,
    ['reason', `if(${isRefusedText()}, ${TEXT_REASON}, ${renderReason(fields)})`],
    ['refused', REFUSED_BYTES],
    [REFUSED_PARSER, refusedParser('reason')],
  ];
}
