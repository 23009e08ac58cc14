import {
  BUILT_IN_FIELDS,
  TIMESTAMP_KEYS,
  type EventTypeDeclaration,
  type FieldDeclaration,
} from '#event-model';
import { z } from 'zod';
import { eventProblems } from './event-conformance.js';
import { FIELD_TYPE_NAMES } from './field-types.js';
import type { PluginProblem } from './plugin-problem.js';

/** Input keys that mean something of the appliance's own in every type; no field may be read from them. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set([
  'attributes',
  'event_type',
  'id',
  'observed_timestamp',
  'severity_number',
]);

/** Columns that every table has, be it of events, of refused ones or of a roll-up; no field may be named so. */
export const RESERVED_COLUMNS: ReadonlySet<string> = new Set([
  ...RESERVED_KEYS,
  ...['block', 'row', 'event_id', 'generation', 'generations', 'received_at', 'tenant', 'stream', 'source'],
  ...['raw', 'line', 'original', 'shape', 'reason', 'refused', 'refused_parser'],
  ...['minute', 'events'],
]);

const COLUMN = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and _, a letter first');
/** Quotes and backslashes mean something in JSON and in the engine's language, and no sender has them in a key. */
const KEY = z
  .string()
  .regex(
    /^[^\p{Cc}\p{Cs}"'`\\]{1,128}$/u,
    'must be 1 to 128 characters, none a control character, a quote or a backslash',
  );
/** Most of each: they stand in the statements that store a type's events, which take longer the more there are. */
const LIMITS = { fields: 60, 'names and aliases': 200, 'characters of names and aliases': 6_000 } as const;

const fieldSchema = z.strictObject({
  name: COLUMN,
  type: z.enum(FIELD_TYPE_NAMES),
  aliases: z.array(KEY).optional(),
  required: z.boolean().optional(),
  indexed: z.boolean().optional(),
  description: z.string().min(1),
});

const rollUpSchema = z.strictObject({
  name: COLUMN,
  by: z.array(z.string()),
  unique: z.array(z.string()).optional(),
});

const declarationSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9, _ and -'),
  title: z.string().min(1),
  description: z.string().min(1),
  fields: z.array(fieldSchema),
  sortBy: z.array(z.string()),
  rollUps: z.array(rollUpSchema),
  example: z.record(z.string(), z.unknown()),
});

/**
 * What is wrong with an event type's declaration; empty where nothing is.
 *
 * @param plugin name of the plugin that declares it, `event-type-<name of the type>`
 */
export function eventTypeProblems(plugin: string, declaration: unknown): readonly PluginProblem[] {
  const read = declarationSchema.safeParse(declaration);
  if (!read.success) return read.error.issues.map(shapeProblem);
  // The schema is the interface, but for `undefined` where a key is left out.
  const checked = declaration as EventTypeDeclaration;
  return [
    ...nameProblems(plugin, checked.name),
    ...checked.fields.flatMap(columnProblems),
    ...keyProblems(checked.fields),
    ...sizeProblems(checked.fields),
    ...groupingProblems(checked),
    ...eventProblems(checked, checked.example).map((what) => ({
      what: `eventType.example: ${what}`,
      mend: 'make the example an event that a client could send',
    })),
  ];
}

function shapeProblem(issue: z.core.$ZodIssue): PluginProblem {
  const path = ['eventType', ...issue.path].join('.');
  return {
    what: `${path}: ${issue.message}`,
    mend: 'write there what is asked for',
  };
}

/** So that a type's plugin is found by the type's name, and no two plugins declare the same. */
function nameProblems(plugin: string, name: string): readonly PluginProblem[] {
  if (plugin === `event-type-${name}`) return [];
  const what = `eventType.name: the type is named "${name}", its plugin "${plugin}"`;
  return [
    {
      what,
      mend: `name the type "${plugin.replace(/^event-type-/, '')}", or the plugin "event-type-${name}"`,
    },
  ];
}

function columnProblems({ name }: FieldDeclaration): readonly PluginProblem[] {
  if (!RESERVED_COLUMNS.has(name) || RESERVED_KEYS.has(name)) return [];
  const what = `eventType.fields: "${name}" is the name of a column of the appliance itself`;
  return [{ what, mend: `choose another name; "${name}" may be an alias of it` }];
}

/** An input key may mean one field only, whether as its name or as an alias. */
function keyProblems(fields: readonly FieldDeclaration[]): readonly PluginProblem[] {
  const owners = applianceKeys();
  const problems: PluginProblem[] = [];
  for (const field of fields)
    for (const key of keysOf(field)) {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, `the field "${field.name}"`);
      else
        problems.push({
          what: `eventType.fields: "${key}" of "${field.name}" is taken by ${owner}`,
          mend: key === field.name ? 'choose another name' : `remove the alias "${key}"`,
        });
    }
  return problems;
}

function sizeProblems(fields: readonly FieldDeclaration[]): readonly PluginProblem[] {
  const keys = fields.flatMap(keysOf);
  const sizes = {
    fields: fields.length,
    'names and aliases': keys.length,
    'characters of names and aliases': keys.join('').length,
  };
  const over = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).filter((what) => sizes[what] > LIMITS[what]);
  return over.map((what) => ({
    what: `eventType.fields: there are ${sizes[what]} ${what}, more than ${LIMITS[what]}`,
    mend: 'declare what is asked for often; all else is kept as attributes',
  }));
}

function applianceKeys(): Map<string, string> {
  const owners = new Map<string, string>();
  for (const key of RESERVED_KEYS) owners.set(key, 'the appliance itself');
  for (const key of TIMESTAMP_KEYS) owners.set(key, "the event's time");
  for (const field of BUILT_IN_FIELDS)
    for (const key of keysOf(field)) owners.set(key, `the built-in field "${field.name}"`);
  return owners;
}

function keysOf(field: FieldDeclaration): readonly string[] {
  return [field.name, ...(field.aliases ?? [])];
}

/** Sorting and roll-ups go by fields of few distinct values, and count those of many; each is named once. */
function groupingProblems(declaration: EventTypeDeclaration): readonly PluginProblem[] {
  const { sortBy, rollUps } = declaration;
  return [
    ...namesProblems('eventType.sortBy', sortBy, 'keyword', declaration),
    ...rollUps.flatMap(({ name, by, unique = [] }) => [
      ...namesProblems(`eventType.rollUps "${name}"`, by, 'keyword', declaration),
      ...namesProblems(`eventType.rollUps "${name}" unique`, unique, 'string', declaration),
      ...emptinessProblems(name, [...by, ...unique]),
    ]),
    ...repeated(rollUps.map(({ name }) => name)).map((name) => ({
      what: `eventType.rollUps: two are named "${name}"`,
      mend: 'give each its own name',
    })),
  ];
}

function emptinessProblems(rollUp: string, names: readonly string[]): readonly PluginProblem[] {
  if (names.length > 0) return [];
  const what = `eventType.rollUps "${rollUp}": it names no field to count by, and none to count distinct values of`;
  return [{ what, mend: 'name a field in by or in unique, or leave the roll-up out' }];
}

function namesProblems(
  where: string,
  names: readonly string[],
  ...[type, { fields }]: [type: 'keyword' | 'string', declaration: EventTypeDeclaration]
): readonly PluginProblem[] {
  const known = [...BUILT_IN_FIELDS, ...fields]
    .filter((field) => field.type === type)
    .map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  const others = known.length === 0 ? '' : `name one of ${known.join(', ')}, or `;
  return [
    ...unknown.map((name) => ({
      what: `${where}: "${name}" is no ${type} field of this type`,
      mend: `${others}declare "${name}" as a ${type}`,
    })),
    ...repeated(names).map((name) => ({ what: `${where}: "${name}" comes twice`, mend: 'name it once' })),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
