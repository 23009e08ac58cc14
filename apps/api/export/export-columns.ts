import { BUILT_IN_FIELDS } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

const BEFORE = [
  'event_id',
  'tenant',
  'stream',
  'source',
  'timestamp',
  'observed_timestamp',
  'event_type',
  'severity_number',
  'id',
];
const AFTER = ['attributes', 'raw', 'raw_base64'];

/** Every column that events of these streams can have, in the order of an event. */
export function columnsOf(streams: readonly StreamSpec[]): readonly string[] {
  const declared = streams.flatMap(({ eventType }) => eventType.fields);
  const fields = [...BUILT_IN_FIELDS, ...declared].map(({ name }) => name);
  return [...new Set([...BEFORE, ...fields, ...AFTER])];
}
