import { isDeepStrictEqual } from 'node:util';

/** Most fields of one event that are told. */
const MAX_FIELDS = 100;

/** A field that two readings of a line give otherwise. */
export interface FieldChange {
  /** An undeclared one as `attributes.<name>` where the events keep those apart. */
  readonly field: string;
  /** Absent where the first reading has no such field. */
  readonly from?: unknown;
  /** Absent where the second reading has none. */
  readonly to?: unknown;
}

/** The fields in which two events differ, by name; at most 100. Attributes are fields of their own. */
export function changedFields(from: object, to: object): readonly FieldChange[] {
  const [before, after] = [fieldsOf(from), fieldsOf(to)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)))
    .slice(0, MAX_FIELDS)
    .map((field) => ({
      field,
      ...(before.has(field) && { from: before.get(field) }),
      ...(after.has(field) && { to: after.get(field) }),
    }));
}

function fieldsOf(event: object): ReadonlyMap<string, unknown> {
  const fields = Object.entries(event).flatMap(([name, value]): [string, unknown][] =>
    name === 'attributes' && typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, inner]) => [`attributes.${key}`, inner])
      : [[name, value]],
  );
  return new Map(fields);
}
