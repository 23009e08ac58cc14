import type { Draw } from './draw.js';
import { NOTHING, type FieldKind, type FieldScope } from './field-scope.js';
import { mendReference } from './texts.js';

type Parts = ReadonlyMap<unknown, unknown>;

/** The parameters' parts; what is missing or unknown among them is reported. */
function readParts(
  given: unknown,
  needed: readonly string[],
  scope: FieldScope,
  allowed = needed,
): Parts | undefined {
  const parts = given instanceof Map ? (given as Parts) : new Map<unknown, unknown>();
  const missing = needed.filter((name) => !parts.has(name));
  for (const name of missing)
    scope.report([], { what: `"${name}" is missing.`, mend: `It takes ${allowed.join(', ')}.` });
  const unknown = [...parts.keys()].map(String).filter((name) => !allowed.includes(name));
  for (const name of unknown)
    scope.report([name], { what: `"${name}" means nothing here.`, mend: `It takes ${allowed.join(', ')}.` });
  return missing.length + unknown.length === 0 ? parts : undefined;
}

/** A field whose way depends on the value of one above: errors have other messages than the rest. */
const by: FieldKind = {
  name: 'by',
  example: '{ by: { field: level, cases: { ERROR: boom }, else: fine } }',
  make: (given, scope) => {
    const parts = readParts(given, ['field', 'cases'], scope, ['field', 'cases', 'else']);
    const cases = parts?.get('cases');
    if (!parts) return NOTHING;
    const field = String(parts.get('field'));
    if (!scope.above.has(field))
      scope.report(['field'], {
        what: `No field "${field}" stands above.`,
        mend: mendReference(scope.above),
      });
    if (!(cases instanceof Map))
      scope.report(['cases'], {
        what: 'The cases are no map.',
        mend: 'Write each value and the field for it.',
      });
    const draws = new Map(
      [...(cases instanceof Map ? (cases as Parts) : [])].map(([value, spec]) => [
        String(value),
        scope.inner(spec, ['cases', String(value)]),
      ]),
    );
    const otherwise = parts.has('else') ? scope.inner(parts.get('else'), ['else']) : NOTHING;
    return (context) => (draws.get(String(context.values.get(field))) ?? otherwise)(context);
  },
};

/** A field that only a share of the events has. */
const sometimes: FieldKind = {
  name: 'sometimes',
  example: '{ sometimes: { share: 0.2, of: { hex: { digits: 8 } } } }',
  make: (given, scope) => {
    const parts = readParts(given, ['share', 'of'], scope);
    if (!parts) return NOTHING;
    const share = parts.get('share');
    const draw = scope.inner(parts.get('of'), ['of']);
    if (typeof share === 'number' && share >= 0 && share <= 1)
      return (context) => (context.random.next() < share ? draw(context) : undefined);
    scope.report(['share'], {
      what: `${JSON.stringify(share)} is no share.`,
      mend: 'Write a number from 0 to 1.',
    });
    return NOTHING;
  },
};

/** A list of values, each drawn by itself. */
const list: FieldKind = {
  name: 'list',
  example: '{ list: { of: { choice: [a, b] }, from: 0, to: 3 } }',
  make: (given, scope) => {
    const parts = readParts(given, ['of', 'from', 'to'], scope);
    if (!parts) return NOTHING;
    const [from, to] = [Number(parts.get('from')), Number(parts.get('to'))];
    const draw = scope.inner(parts.get('of'), ['of']);
    if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= MAX_ITEMS)
      return (context) =>
        Array.from({ length: from + context.random.below(to - from + 1) }, () => draw(context));
    scope.report([], {
      what: '"from" and "to" are no range of lengths.',
      mend: `Write whole numbers from 0 to ${MAX_ITEMS}.`,
    });
    return NOTHING;
  },
};

const MAX_ITEMS = 1_000;

/** Fields within a field. */
const object: FieldKind = {
  name: 'object',
  example: '{ object: { id: { uuid: {} }, plan: { choice: [free, paid] } } }',
  make: (given, scope) => {
    if (!(given instanceof Map) || given.size === 0) {
      scope.report([], { what: 'There are no fields in it.', mend: 'Write a map of names to fields.' });
      return NOTHING;
    }
    const draws = [...(given as Parts)].map(([name, spec]): readonly [string, Draw] => [
      String(name),
      scope.inner(spec, [String(name)]),
    ]);
    return (context) => valuesOf(draws.map(([name, draw]) => [name, draw(context)]));
  },
};

/** An object of what isn't left out. */
function valuesOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The kinds of fields that are made of other fields. */
export const compoundKinds: readonly FieldKind[] = [by, sometimes, list, object];
