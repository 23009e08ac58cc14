import type { EventTypeDeclaration, FieldDeclaration, FieldType, RollUpDeclaration } from '#event-model';
import { eventTypeChangeProblems, isSameEventType, nextEventType } from '#plugin-kit';
import { mistakesIn, toMistake } from './event-type-request.js';
import type { EventTypePlan } from './event-types.schema.js';

const TYPES: Readonly<Record<FieldType, string>> = {
  text: 'text, searched by word',
  keyword: 'text of few distinct values',
  string: 'text',
  hex16: '32 hexadecimal digits',
  hex8: '16 hexadecimal digits',
  float64: 'number',
  int64: 'whole number of 64 bits',
  uint16: 'whole number of 0 to 65535',
  uint64: 'whole number of 64 bits, not negative',
  bool: 'true or false',
};

/** What a declaration is compared with. */
export interface PlanBase {
  /** The newest version; undefined where the type is new. */
  readonly before: EventTypeDeclaration | undefined;
  /** Streams of the type. */
  readonly streams: readonly string[];
}

/** What would become of the streams of a type that were declared so: columns, and effects in words. Nothing is changed. */
export function planEventType(
  declaration: EventTypeDeclaration,
  { before, streams }: PlanBase,
): EventTypePlan {
  const problems = before ? eventTypeChangeProblems(before, declaration).map(toMistake) : [];
  const errors = [...mistakesIn(declaration), ...problems];
  const isSame = before !== undefined && isSameEventType(before, declaration);
  const planned = before && !isSame ? nextEventType(before, declaration) : (before ?? declaration);
  const change = { before, planned, streams };
  return {
    ok: errors.length === 0,
    version: planned.version ?? 1,
    errors: errors.map((error) => ({ ...error })),
    columns: declaration.fields.map((field) => columnOf(field, before)),
    effects: errors.length > 0 ? ['Nothing: it would be refused.'] : [...effectsOf(change, isSame)],
    streams: errors.length > 0 || isSame ? [] : [...streams],
  };
}

interface PlannedChange extends PlanBase {
  readonly planned: EventTypeDeclaration;
}

function effectsOf(change: PlannedChange, isSame: boolean): readonly string[] {
  if (isSame) return ['Nothing: the type is declared so already.'];
  return change.before === undefined ? effectsOfNew(change.planned) : effectsOfChange(change, change.before);
}

function effectsOfNew({ name, fields, rollUps, sortBy }: EventTypeDeclaration): readonly string[] {
  const order = [...sortBy, 'the time'].join(', ');
  return [
    `Streams can be made with the event type "${name}" at once; their tables have ${columns(fields.length)} besides those of every event, and are sorted by ${order}.`,
    ...fields.filter(({ required }) => required).map(requiredEffect),
    ...rollUps.map((rollUp) => `Their ${countedBy(rollUp)}.`),
    'Every other field of an event is kept as an attribute.',
  ];
}

function effectsOfChange(
  { planned, streams }: PlannedChange,
  before: EventTypeDeclaration,
): readonly string[] {
  const known = new Map(before.fields.map((field) => [field.name, field]));
  const effects = planned.fields.flatMap((field) => fieldEffects(field, known.get(field.name)));
  const counted = new Set(before.rollUps.map(({ name }) => name));
  const rollUps = planned.rollUps.filter(({ name }) => !counted.has(name));
  const tables =
    streams.length === 1 ? 'The table of 1 stream is' : `The tables of ${streams.length} streams are`;
  return [
    `${tables} changed, one after the other; writing to each rests meanwhile, and what comes in waits on the bus.`,
    ...effects,
    ...rollUps.map((rollUp) => `The ${countedBy(rollUp)}; those stored already are counted once.`),
  ];
}

function countedBy({ by, unique = [] }: RollUpDeclaration): string {
  const groups = by.length === 0 ? '' : ` by ${by.join(', ')}`;
  return unique.length === 0
    ? `events are counted per minute${groups}`
    : `events, and their distinct ${unique.join(', ')}, are counted per day${groups}`;
}

function fieldEffects(field: FieldDeclaration, before: FieldDeclaration | undefined): readonly string[] {
  const { name, aliases = [] } = field;
  if (!before)
    return [
      `New events have "${name}" as a column (${TYPES[field.type]}); those stored already read it from their attributes ${[name, ...aliases].join(', ')}, and keep these.`,
      ...(field.required ? [requiredEffect(field)] : []),
    ];
  const added = aliases.filter((alias) => !(before.aliases ?? []).includes(alias));
  const removed = (before.aliases ?? []).filter((alias) => !aliases.includes(alias));
  return [
    ...(added.length > 0 ? [`"${name}" is read from ${added.join(', ')} too, of new events.`] : []),
    ...(removed.length > 0
      ? [`${removed.join(', ')} is an attribute again, not "${name}", of new events.`]
      : []),
    ...(field.required && !before.required ? [requiredEffect(field)] : []),
    ...(!field.required && before.required ? [`New events may be without "${name}".`] : []),
    ...(field.indexed && !before.indexed
      ? [`Equality on "${name}" gets fast: of new events at once, of others as the engine merges them.`]
      : []),
  ];
}

function requiredEffect({ name }: FieldDeclaration): string {
  return `New events without "${name}" go to quarantine (missing:${name}).`;
}

function columns(count: number): string {
  return count === 1 ? '1 column' : `${count} columns`;
}

function columnOf(
  field: FieldDeclaration,
  before: EventTypeDeclaration | undefined,
): EventTypePlan['columns'][number] {
  const { name, type, aliases = [], required = false, indexed = false } = field;
  const isKept = before?.fields.some((one) => one.name === name) ?? false;
  const change = isKept ? 'kept' : 'new';
  return { name, type: TYPES[type], change, read_from: [name, ...aliases], required, indexed };
}
