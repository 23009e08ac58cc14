import type { EventTypeDeclaration, FieldDeclaration, RollUpDeclaration } from '#event-model';
import { isDeepStrictEqual } from 'node:util';
import type { PluginProblem } from './plugin-problem.js';

const NEW_TYPE = 'declare a type under another name, and make a stream of it';

/**
 * Why a declaration can't follow another under the same name; empty where it can. Tables that are there get columns,
 * indexes and roll-ups; what would make them again is refused.
 */
export function eventTypeChangeProblems(
  before: EventTypeDeclaration,
  after: EventTypeDeclaration,
): readonly PluginProblem[] {
  return [
    ...before.fields.flatMap((field) => fieldProblems(field, after.fields)),
    ...sortProblems(before.sortBy, after.sortBy),
    ...before.rollUps.flatMap((rollUp) => rollUpProblems(rollUp, after.rollUps)),
  ];
}

/**
 * The declaration as the version that follows `before`: its new fields know since when they are there, and stand behind
 * the others.
 */
export function nextEventType(
  before: EventTypeDeclaration,
  after: EventTypeDeclaration,
): EventTypeDeclaration {
  const version = (before.version ?? 1) + 1;
  const known = new Map(before.fields.map((field) => [field.name, field.since]));
  const kept = before.fields.flatMap(({ name, since }) => {
    const field = after.fields.find((one) => one.name === name);
    return field ? [since === undefined ? field : { ...field, since }] : [];
  });
  const added = after.fields.filter(({ name }) => !known.has(name));
  return { ...after, version, fields: [...kept, ...added.map((field) => ({ ...field, since: version }))] };
}

/** Whether two declarations say the same, whatever their versions and the order of their fields. */
export function isSameEventType(one: EventTypeDeclaration, other: EventTypeDeclaration): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

function plain({ version: _version, fields, ...rest }: EventTypeDeclaration): unknown {
  const sorted = [...fields].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...rest, fields: sorted.map(({ since: _since, ...field }) => field) };
}

function fieldProblems(
  field: FieldDeclaration,
  after: readonly FieldDeclaration[],
): readonly PluginProblem[] {
  const { name, type } = field;
  const found = after.find((one) => one.name === name);
  const where = `fields: "${name}"`;
  if (!found)
    return [
      {
        what: `${where} is missing, and tables have a column of it`,
        mend: `keep it as it was, with the type ${type}; it need not be sent`,
      },
    ];
  if (found.type !== type)
    return [
      {
        what: `${where} has the type ${found.type}, and tables have it as ${type}`,
        mend: `keep ${type} and add a field under another name, or ${NEW_TYPE}`,
      },
    ];
  if (field.indexed && !found.indexed)
    return [{ what: `${where} is indexed in tables that are there`, mend: 'keep "indexed": true' }];
  return [];
}

function sortProblems(before: readonly string[], after: readonly string[]): readonly PluginProblem[] {
  if (isDeepStrictEqual(before, after)) return [];
  const order = before.length === 0 ? 'nothing but the time' : before.join(', ');
  const what = `sortBy: tables are sorted by ${order}, and can't be sorted otherwise`;
  return [{ what, mend: `keep ${JSON.stringify(before)}, or ${NEW_TYPE}` }];
}

/** What a roll-up does, as the end of a sentence. */
export function describeRollUp({ by, unique = [] }: RollUpDeclaration): string {
  const groups = by.length === 0 ? '' : ` by ${by.join(', ')}`;
  return unique.length === 0 ? `counts${groups}` : `counts distinct ${unique.join(', ')}${groups} per day`;
}

function rollUpProblems(
  before: RollUpDeclaration,
  after: readonly RollUpDeclaration[],
): readonly PluginProblem[] {
  const { name, by, unique = [] } = before;
  const found = after.find((one) => one.name === name);
  if (found && isDeepStrictEqual([found.by, found.unique ?? []], [by, unique])) return [];
  const what = found
    ? `rollUps: "${name}" ${describeRollUp(before)} in tables that are there`
    : `rollUps: "${name}" is missing, and tables have it`;
  const kept = JSON.stringify({ by, ...(unique.length > 0 && { unique }) });
  return [{ what, mend: `keep it as ${kept}, and add another under a name of its own` }];
}
