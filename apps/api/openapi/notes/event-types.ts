import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const CARRIER = {
  ...{ name: 'carrier', type: 'keyword', aliases: ['delivery.carrier'], required: false, indexed: false },
  description: 'Who brings it.',
};
const WEIGHT = {
  ...{ name: 'weight_kg', type: 'float64', aliases: ['delivery.weight'], required: false, indexed: false },
  description: 'Weight in kilograms.',
};
const BODY = {
  title: 'Delivery',
  description: 'A delivery on its way.',
  fields: [CARRIER, WEIGHT],
  sort_by: [],
  roll_ups: [{ name: 'deliveries_per_minute', by: ['carrier'] }],
  example: { message: 'on its way', 'delivery.carrier': 'post', weight_kg: 1.5 },
};
const LOG_TYPE = {
  name: 'log',
  title: 'Log record',
  description: "OpenTelemetry's log record.",
  version: 1,
  origin: 'plugin',
  schema: { type: 'object', properties: { message: { type: 'string' } } },
};
const DESCRIBED = {
  ...LOG_TYPE,
  ...{ name: 'delivery', title: BODY.title, description: BODY.description, origin: 'declared' },
  fields: [
    { ...CARRIER, since: 1 },
    { ...WEIGHT, since: 2 },
  ],
  sort_by: [],
  roll_ups: BODY.roll_ups,
  example: BODY.example,
  version: 2,
  versions: [1, 2].map((version) => ({
    version,
    changed_at: SAMPLE.time,
    changed_by: { key_id: SAMPLE.keyId, key_name: 'admin' },
  })),
  streams: [{ name: 'deliveries', version: 2 }],
};

/** Notes on event types. */
export const EVENT_TYPE_NOTES: OperationNotes = {
  EventTypes_list: { answers: { 200: { event_types: [LOG_TYPE] } } },
  EventTypes_find: { answers: { 200: DESCRIBED }, problems: ['event_type_not_found'] },
  EventTypes_declare: {
    request: { name: 'delivery', ...BODY },
    answers: { 201: DESCRIBED },
    problems: ['event_type_invalid', 'event_type_exists', 'event_type_conflict', 'too_many_event_types'],
  },
  EventTypes_change: {
    request: BODY,
    answers: { 200: DESCRIBED },
    problems: [
      ...(['event_type_not_found', 'event_type_invalid', 'event_type_of_plugin'] as const),
      ...(['event_type_change_refused', 'event_type_conflict', 'too_many_versions'] as const),
    ],
  },
  EventTypes_remove: {
    answers: { 200: DESCRIBED },
    problems: ['event_type_not_found', 'event_type_of_plugin', 'event_type_in_use'],
  },
  EventTypes_plan: {
    request: { name: 'delivery', ...BODY },
    answers: {
      200: {
        ok: true,
        version: 2,
        errors: [],
        columns: [
          {
            ...{ name: 'carrier', type: 'text of few distinct values', change: 'kept' },
            ...{ read_from: ['carrier', 'delivery.carrier'], required: false, indexed: false },
          },
        ],
        effects: [
          'Equality on "carrier" gets fast: of new events at once, of others as the engine merges them.',
        ],
        streams: ['deliveries'],
      },
    },
  },
};
