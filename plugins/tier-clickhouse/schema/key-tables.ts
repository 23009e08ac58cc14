import { TIMESTAMP_KEYS } from '#event-model';
import type { InputField } from './input-keys.js';
import { quoteText } from './names.js';

/** Which field a key of the input means: literal arrays that lambdas over a line's keys look things up in. */
export interface KeyTables {
  /** For each field its keys, in the order in which they are tried: `[['message', 'msg'], …]`. */
  readonly groups: string;
  /** The field's name for a key, empty where it is none's: `transform(<key>, …)`. */
  readonly fieldOf: (key: string) => string;
  /** `message=msg` for an alias, empty for a name. */
  readonly renamed: (key: string) => string;
}

export function keyTables(fields: readonly InputField[]): KeyTables {
  const all = [{ name: 'timestamp', keys: TIMESTAMP_KEYS as readonly string[] }].concat(
    fields.map(({ field, keys }) => ({ name: field.name, keys })),
  );
  const pairs = all.flatMap(({ name, keys }) => keys.map((key) => ({ name, key })));
  const aliases = pairs.filter(({ name, key }) => name !== key);
  return {
    groups: textArray(all.map(({ keys }) => textArray(keys.map(quoteText)))),
    fieldOf: (key) =>
      lookUp(
        key,
        pairs.map((pair) => [pair.key, pair.name]),
      ),
    renamed: (key) =>
      lookUp(
        key,
        aliases.map((pair) => [pair.key, `${pair.name}=${pair.key}`]),
      ),
  };
}

/** The second of the pair whose first the expression equals, else empty. */
export function lookUp(expression: string, pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return "''";
  const [from, to] = [0, 1].map((n) => textArray(pairs.map((pair) => quoteText(pair[n] ?? ''))));
  return `transform(${expression}, ${from}, ${to}, '')`;
}

function textArray(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}
