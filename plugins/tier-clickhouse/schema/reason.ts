import type { FieldType } from '#event-model';
import { valueOf, type InputField } from './input-keys.js';
import { keyTables } from './key-tables.js';
import { quoteText } from './names.js';
import { timestampReasons } from './timestamp.js';
import { isText, numberReader } from './values.js';

const MAX_KEYS = 2_000;
const MAX_KEY_LENGTH = 256;
const MAX_DEPTH = 64;

/**
 * Why a line is refused, empty where it isn't. Simple lines are checked for their time and required fields only; what is
 * more costly is worked out for the others.
 */
export function renderReason(fields: readonly InputField[]): string {
  const required = fields.filter(({ field }) => field.required);
  const cases = [
    ['NOT _flat AND NOT isValidJSON(line)', "'not_json'"],
    ["NOT _flat AND empty(_kv) AND JSONType(line) != 'Object'", "'not_object'"],
    ...timestampReasons(),
    ...required.map(({ field }) => [
      `ifNull(toString(${valueOf(field)}), '') = ''`,
      quoteText(`missing:${field.name}`),
    ]),
    ...wrongType(fields),
    [`length(_free) > ${MAX_KEYS}`, "'limit:keys'"],
    [`arrayExists(x -> length(x.1) > ${MAX_KEY_LENGTH}, _free)`, "'limit:key_length'"],
    [tooDeep(), "'limit:depth'"],
  ];
  return `multiIf(${cases.map(([when, reason]) => `${when}, ${reason}`).join(', ')}, '')`;
}

/**
 * The first key whose value its field's type refuses. In a flat line each value under a field's own name stands in the form
 * of its type; what stands under an alias beside it is looked at.
 */
function wrongType(fields: readonly InputField[]): string[][] {
  const typed = fields.filter(({ field }) => !isText(field.type));
  const aliased = typed.map(({ field, keys }) => ({ field, keys: keys.slice(1) }));
  const reason = (key: string): string => `concat('type:', ${keyTables(fields).fieldOf(key)})`;
  return [
    { when: 'NOT _flat', refused: refusedKeys(typed), pairs: '_kv' },
    { when: '_flat AND NOT _simple', refused: refusedKeys(aliased), pairs: '_free' },
  ]
    .filter(({ refused }) => refused !== '')
    .map(({ when, refused, pairs }) => [
      `${when} AND arrayExists(x -> ${refused}, ${pairs})`,
      reason(`arrayFirst(x -> ${refused}, ${pairs}).1`),
    ]);
}

/** Whether `x`, a key and its raw value, is of one of the fields and not of its type; empty where there are no keys. */
function refusedKeys(fields: readonly InputField[]): string {
  const types = [...new Set(fields.map(({ field }) => field.type))];
  const conditions = types.flatMap((type) => {
    const keys = fields.filter(({ field }) => field.type === type).flatMap((one) => one.keys);
    return keys.length === 0
      ? []
      : [`(x.1 IN (${keys.map(quoteText).join(', ')}) AND NOT (${accepted(type)}))`];
  });
  return conditions.join(' OR ');
}

/** Raw JSON values that the type takes; a number may come as a string, null means absent. */
function accepted(type: FieldType): string {
  if (type === 'bool') return "x.2 IN ('true', 'false', 'null')";
  const bare = "trim(BOTH '\"' FROM x.2)";
  return `x.2 = 'null' OR (match(x.2, '^"?[-+0-9.eE]+"?$') AND ${numberReader(type)}(${bare}) IS NOT NULL)`;
}

/** Strings are taken out first: what is left opens and closes levels. */
function tooDeep(): string {
  const bare = "replaceRegexpAll(line, '\"(?:[^\"\\\\\\\\]|\\\\\\\\.)*\"', '')";
  const steps = `arrayMap(c -> multiIf(c IN ('{', '['), 1, c IN ('}', ']'), -1, 0), ngrams(${bare}, 1))`;
  const opened = "countSubstrings(line, '{') + countSubstrings(line, '[')";
  return `NOT _flat AND ${opened} > ${MAX_DEPTH} AND arrayMax(arrayCumSum(${steps})) > ${MAX_DEPTH}`;
}
