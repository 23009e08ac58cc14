import {
  BUILT_IN_FIELDS,
  TIMESTAMP_KEYS,
  type EventTypeDeclaration,
  type FieldDeclaration,
} from '#event-model';

/** Fields that every event type reads besides its declared ones. */
const OWN_FIELDS: readonly FieldDeclaration[] = [
  { name: 'event_type', type: 'keyword', description: 'Kind of event, in the client’s words.' },
  { name: 'id', type: 'string', description: 'The client’s own id of the event.' },
];

/** Which field an input key means. */
export interface KeyMeaning {
  /** Undefined for the event's time. */
  readonly field: FieldDeclaration | undefined;
  /** Index of the field in {@link InputPlan}`.fields`; that of the time comes after the last. */
  readonly slot: number;
  /** Its place among the field's keys: of those that are there the lowest is taken. */
  readonly rank: number;
}

/** What an event type reads from an event, ready for look-ups. */
export interface InputPlan {
  readonly eventType: EventTypeDeclaration;
  /** `event_type`, `id`, the built-in fields, the declared ones. */
  readonly fields: readonly FieldDeclaration[];
  readonly timeSlot: number;
  readonly keys: ReadonlyMap<string, KeyMeaning>;
}

const PLANS = new WeakMap<EventTypeDeclaration, InputPlan>();

/** The plan of an event type, made once. */
export function inputPlanOf(eventType: EventTypeDeclaration): InputPlan {
  const known = PLANS.get(eventType);
  if (known) return known;
  const plan = makePlan(eventType);
  PLANS.set(eventType, plan);
  return plan;
}

function makePlan(eventType: EventTypeDeclaration): InputPlan {
  const fields = [...OWN_FIELDS, ...BUILT_IN_FIELDS, ...eventType.fields];
  const timeSlot = fields.length;
  const keys = new Map<string, KeyMeaning>();
  fields.forEach((field, slot) =>
    [field.name, ...(field.aliases ?? [])].forEach((key, rank) => keys.set(key, { field, slot, rank })),
  );
  TIMESTAMP_KEYS.forEach((key, rank) => keys.set(key, { field: undefined, slot: timeSlot, rank }));
  return { eventType, fields, timeSlot, keys };
}
