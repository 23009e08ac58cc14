import { TIMESTAMP_KEYS, type EventTypeDeclaration, type FieldDeclaration } from '#event-model';
import type { SealedDays, StreamSpec } from '#plugin-kit';
import { columnsOf } from './columns.js';
import { EXTRACTED_AS, inputFieldsOf, SENT_TIME, valueOf, type InputField } from './input-keys.js';
import { quoteName, quoteText } from './names.js';
import { renderSeverity } from './severity.js';
import { generationWith } from './sealed-days.js';
import { nestLevels, type Source, type Step } from './step.js';
import { IS_TEXT, rawColumn, TEXT_SHAPE } from './text-lines.js';
import { inTimeRange, timeRead } from './timestamp.js';
import { columnBytes, declaredForm, fitsColumn, isHex, isText, numberReader } from './values.js';

/** What the proof of {@link plainCondition} could mistake for the beginning of a text: a string of one colon, an escaped quote. */
const MISLEADING = ['":"]', '":",', '":" ', '":"\t', '":"\r', '\\":"'];
/** Space between a key's colon and its value, where the value's beginning isn't looked for. */
const SPACED = ['": ', '":\t', '":\r'];

/** Far fewer than may be sent, and no cheaper way to say it. */
const MAX_FREE_KEYS = 500;
const MAX_KEY_LENGTH = 256;

/**
 * The columns of a stream's plain lines. A line is plain where it is an object without nested ones; each declared field of
 * it is there once, under its own name, in the form that its column gives back; there is no client id; every other key
 * is there once; and nothing of it can be refused. Most lines of a program are plain, and reading them so costs half
 * of what any line may need (`renderParse`).
 */
export function selectPlain(stream: StreamSpec, source: Source, sealed?: SealedDays): string {
  const columns = plainColumns(stream, sealed).map(([name, value]) => `${value} AS ${quoteName(name)}`);
  return select(stream.eventType, source, columns.join(', '), plainCondition(stream.eventType));
}

/** The lines that are not plain, with the source's columns. */
export function selectOthers({ eventType }: StreamSpec, source: Source): string {
  return select(eventType, source, source.columns.join(', '), `NOT (${plainCondition(eventType)})`);
}

function select(eventType: EventTypeDeclaration, source: Source, columns: string, where: string): string {
  const from = nestLevels(plainLevels(inputFieldsOf(eventType)), source, `${columns} ${where}`);
  return `SELECT ${columns} FROM ${from} WHERE ${where}`;
}

function plainLevels(inputs: readonly InputField[]): readonly (readonly Step[])[] {
  const fields = inputs.map(({ field }) => field);
  const wanted = [
    ['timestamp', 'String'] as const,
    ...fields.map(({ name, type }) => [name, EXTRACTED_AS[type] ?? 'String'] as const),
  ];
  const tuple = wanted.map(([name, type]) => `${quoteName(name)} ${type}`).join(', ');
  const values = wanted.map(([name], n): Step => [`value.${name}`, `tupleElement(j, ${n + 1})`]);
  const texts = fields.filter(({ type }) => isText(type)).map(isPresent);
  const others = fields.filter(({ type }) => !isText(type)).map(isPresent);
  return [
    [['j', `JSONExtract(line, ${quoteText(`Tuple(${tuple})`)})`]],
    values,
    [
      timeRead(),
      ['_texts', texts.join(' + ')],
      ['_others', [`notEmpty(${SENT_TIME})`, ...others].join(' + ')],
      ['_quoted', `${position('"timestamp":"')} > 0`],
      ['_keys', 'JSONLength(line)'],
      ['_flat', `startsWith(line, '{') AND countSubstrings(line, '{') = 1`],
    ],
    [['_free', freeKeys(inputs)]],
  ];
}

/** The keys that mean no field, with their raw values; looked for only where they can matter. */
function freeKeys(inputs: readonly InputField[]): string {
  const names = [...TIMESTAMP_KEYS, ...inputs.flatMap(({ keys }) => keys)].map(quoteText);
  const all =
    'if(_flat AND _texts + _others > 0 AND _keys > _texts + _others, JSONExtractKeysAndValuesRaw(line), [])';
  return `arrayFilter(x -> x.1 NOT IN (${names.join(', ')}), ${all})`;
}

/** Whether each free key is there once, none is too long, and none looks like another key or the end of one. */
const FREE_KEYS_ARE_CLEAR = [
  `length(_free) <= ${MAX_FREE_KEYS}`,
  `NOT arrayExists(x -> length(x.1) > ${MAX_KEY_LENGTH} OR x.1 = ':' OR position(x.1, '"') > 0, _free)`,
  'arrayUniq(arrayMap(x -> x.1, _free)) = length(_free)',
].join(' AND ');

/**
 * It has a field, so it is JSON. As many keys as fields and free keys are there: so no field is there twice, by an alias, or
 * null. As many `":"` as texts are there: with no nested object each of them is a key, its colon and the beginning of
 * a string, so every text was sent as one.
 */
function plainCondition(eventType: EventTypeDeclaration): string {
  const fields = inputFieldsOf(eventType).map(({ field }) => field);
  const inTime = `ifNull(${inTimeRange()} AND _time_read != received_at, 0)`;
  return [
    '_flat',
    '_texts + _others > 0',
    '_keys = _texts + _others + length(_free)',
    `(empty(_free) OR ${FREE_KEYS_ARE_CLEAR})`,
    `countSubstrings(line, '":"') = _texts + _quoted + arrayCount(x -> startsWith(x.2, '"'), _free)`,
    `${[...MISLEADING, ...SPACED, ...fields.flatMap(wrongBeginnings)].map(position).join(' + ')} = 0`,
    `(empty(${SENT_TIME}) OR ${inTime})`,
    `empty(${quoteName('value.id')})`,
    `${quoteName('value.event_type')} != ${quoteText(eventType.name)}`,
    ...fields.filter(({ required }) => required).map(isPresent),
    ...fields.filter(({ type }) => !isText(type) || isHex(type)).map(isExact),
  ].join(' AND ');
}

/** How the value of a number or a truth begins that was sent as something else. */
function wrongBeginnings(field: FieldDeclaration): string[] {
  if (isText(field.type)) return [];
  const others = field.type === 'bool' ? ['"', ...'-0123456789'] : ['"', 't', 'f'];
  return others.map((begin) => `${declaredForm(field)}${begin}`);
}

/** Where the line has the text; a search for each is faster than `multiSearchAny`. */
function position(text: string): string {
  return `position(line, ${quoteText(text)})`;
}

function isPresent(field: FieldDeclaration): string {
  return field.type in EXTRACTED_AS ? `isNotNull(${valueOf(field)})` : `notEmpty(${valueOf(field)})`;
}

/** Whether the field is absent or was sent as its column gives it back; of a text this is known already. */
function isExact(field: FieldDeclaration): string {
  return `(NOT ${isPresent(field)} OR (${isHex(field.type) ? fitsColumn(field) : isExactNumber(field)}))`;
}

function isExactNumber(field: FieldDeclaration): string {
  const named = `${position(declaredForm(field))} > 0`;
  const isFloatOrTruth = field.type in EXTRACTED_AS;
  return isFloatOrTruth ? named : `${named} AND ${numberReader(field.type)}(${valueOf(field)}) IS NOT NULL`;
}

function plainColumns({ eventType, keepRaw }: StreamSpec, sealed: SealedDays | undefined): readonly Step[] {
  const fields = inputFieldsOf(eventType).map(({ field }) => field);
  const type = quoteName('value.event_type');
  const time = `if(empty(${SENT_TIME}), received_at, assumeNotNull(_time_read))`;
  const values = new Map<string, string>([
    ...['block', 'row', 'received_at', 'source'].map((name) => [name, name] as const),
    ...fields.map((field) => [field.name, plainValue(field)] as const),
    ['generation', generationWith(time, sealed)],
    ['timestamp', time],
    ['event_type', `if(empty(${type}), ${quoteText(eventType.name)}, ${type})`],
    ['severity_number', renderSeverity(fields)],
    ['attributes', "CAST(_free, 'Map(LowCardinality(String), String)')"],
    ['shape', `if(${IS_TEXT}, ${quoteText(TEXT_SHAPE)}, '')`],
    ['raw', rawColumn(keepRaw, keepRaw === 'always' ? 'line' : "''")],
  ]);
  return columnsOf(eventType).map(({ name }): Step => [name, values.get(name) ?? "''"]);
}

/** Total also for lines that are not plain: the engine may work it out before it leaves them away. */
function plainValue(field: FieldDeclaration): string {
  const value = valueOf(field);
  const bytes = columnBytes(field.type);
  if (bytes) return `toFixedString(substring(unhex(${value}), 1, ${bytes}), ${bytes})`;
  const reader = field.type in EXTRACTED_AS ? undefined : numberReader(field.type);
  return reader ? `${reader}(${value})` : value;
}
