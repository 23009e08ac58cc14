import { SENT_TIME, type InputField } from './input-keys.js';
import { keyTables } from './key-tables.js';
import { quoteName, quoteText } from './names.js';
import type { Step } from './step.js';
import { beginsAsDeclared, declaredForm, fitsColumn, isHex, isText, sentLength } from './values.js';

/** What {@link lineLevels} looks at: the length of each field's value, and where its own form stands in the line. */
export function formSteps(fields: readonly InputField[]): readonly Step[] {
  const lengths = [`if(${SENT_TIME} IS NULL, -1, 1)`, ...fields.map(({ field }) => sentLength(field))];
  const forms = ['\'"timestamp":\'', ...fields.map(({ field }) => quoteText(declaredForm(field)))];
  return [
    ['_lengths', `[${lengths.join(', ')}]`],
    ['_forms', `multiSearchAllPositions(line, [${forms.join(', ')}])`],
  ];
}

/**
 * Two kinds of line need little work. `_flat`: it starts like an object, has no nested one, and each declared field that is
 * there stands under its own name in its column's own form: in such a line the quoted name, its colon and the first
 * character of the value prove it, since that text can't occur inside a string, where the quotes would be escaped.
 * `_simple`: it has nothing else besides; as many keys as fields are there means that there is no other key and none
 * twice.
 */
export function lineLevels(fields: readonly InputField[]): readonly (readonly Step[])[] {
  const begins = fields.flatMap(({ field }, n) =>
    isText(field.type) ? [] : [beginsAsDeclared(field, `_forms[${n + 2}]`)],
  );
  const flat = [
    "startsWith(line, '{')",
    '_present > 0',
    "countSubstrings(line, '{') = 1",
    'arrayAll((length, form) -> length = -1 OR (length > 0 AND form > 0), _lengths, _forms)',
    ...begins,
  ];
  return [
    [['_present', 'arrayCount(length -> length >= 0, _lengths)']],
    [['_flat', flat.join(' AND ')]],
    [['_simple', '_flat AND JSONLength(line) = _present']],
  ];
}

/**
 * What the lines that aren't simple are made of: `_kv` all keys with raw values, `_nested` those of an `attributes` object,
 * `_sent` the keys that are not null, `_used` those that are in columns, `_free` the attributes, `_once` the same with
 * the first of each key only.
 */
export function keyLevels(fields: readonly InputField[]): readonly (readonly Step[])[] {
  const taken = `arrayMap(group -> arrayFirst(key -> has(_sent, key), group), ${keyTables(fields).groups})`;
  const names = ['timestamp', ...fields.map(({ field }) => field.name)].map(quoteText).join(', ');
  const isNested = "x.1 = 'attributes' AND notEmpty(_nested) AND startsWith(x.2, '{')";
  const isFirst = 'indexOf(arrayMap(y -> y.1, _free), x.1) = n';
  return [
    [
      ['_kv', 'if(_simple, [], JSONExtractKeysAndValuesRaw(line))'],
      [
        '_nested',
        "if(_flat OR position(line, '\"attributes\"') = 0, [], JSONExtractKeysAndValuesRaw(line, 'attributes'))",
      ],
    ],
    [['_sent', "if(_flat, [], arrayMap(x -> x.1, arrayFilter(x -> x.2 != 'null', _kv)))"]],
    [['_used', `if(_flat, [], arrayFilter(x -> x != ''${unfitting(fields)}, ${taken}))`]],
    [
      [
        '_free',
        `if(_flat, arrayFilter(x -> x.1 NOT IN (${names}) OR x.2 = 'null', _kv), arrayConcat(arrayFilter(x -> NOT has(_used, x.1) AND NOT (${isNested}), _kv), _nested))`,
      ],
    ],
    [
      [
        '_once',
        `if(${noneTwice('_free')}, _free, arrayFilter((x, n) -> ${isFirst}, _free, arrayEnumerate(_free)))`,
      ],
    ],
  ];
}

/** Whether columns, attributes and shape give back an equal event. */
export function exactLine(fields: readonly InputField[]): string {
  const keysOf = (wanted: boolean): string[] =>
    fields.filter(({ field }) => isText(field.type) === wanted).flatMap(({ keys }) => keys.map(quoteText));
  const [texts, others] = [keysOf(true), keysOf(false)];
  const cases = [
    'NOT has(_used, x.1), 1',
    `x.1 IN (${texts.join(', ')}), startsWith(x.2, '"') AND x.2 != '""'`,
    ...(others.length === 0 ? [] : [`x.1 IN (${others.join(', ')}), NOT startsWith(x.2, '"')`]),
  ];
  const unmixed = 'empty(_nested) OR length(_nested) = length(_free)';
  // Counts prove that no key of a field repeats, unless one of them is null and another stands for it.
  const counted = `position(line, 'null') = 0 OR ${noneTwice('_kv')}`;
  const flat = `length(_free) + _present = length(_kv) AND length(_once) = length(_free) AND (${counted})`;
  return `multiIf(_simple, 1, _flat, ${flat}, ${noneTwice('_kv')} AND length(_once) = length(_free) AND (${unmixed}) AND arrayAll(x -> multiIf(${cases.join(', ')}, 1), _kv))`;
}

/**
 * How the sent event differed from the columns: `message=msg` for a key that was an alias, `attributes` where the free
 * attributes stood in an object of that name, `timestamp` and `event_type` where what was sent is also what an event
 * without them would have. With it the sent event can be made again.
 */
export function sentShape(fields: readonly InputField[], typeName: string): string {
  const time = `${SENT_TIME} IS NOT NULL AND _event_time = received_at`;
  const type = `ifNull(${quoteName('value.event_type')} = ${quoteText(typeName)}, 0)`;
  const implied = [`if(${time}, 'timestamp', '')`, `if(${type}, 'event_type', '')`];
  const renamed = `arrayMap(x -> ${keyTables(fields).renamed('x')}, _used)`;
  const parts = `arrayConcat([${implied.join(', ')}, if(notEmpty(_nested), 'attributes', '')], ${renamed})`;
  const all = (list: string): string => `arrayStringConcat(arrayFilter(x -> x != '', ${list}), ',')`;
  return `multiIf(NOT _flat, ${all(parts)}, ${time} OR ${type}, ${all(`[${implied.join(', ')}]`)}, '')`;
}

/** A trace id in another form can't stand in its column: it stays an attribute. */
function unfitting(fields: readonly InputField[]): string {
  return fields
    .filter(({ field }) => isHex(field.type))
    .map(({ field, keys }) => ` AND (${fitsColumn(field)} OR x NOT IN (${keys.map(quoteText).join(', ')}))`)
    .join('');
}

function noneTwice(pairs: string): string {
  return `length(arrayDistinct(arrayMap(x -> x.1, ${pairs}))) = length(${pairs})`;
}
