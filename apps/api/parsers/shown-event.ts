import { formatTimestamp } from '#event-model';
import { parseExactJson } from '#plugin-host';
import type { FieldValue, MappedEvent } from '#plugin-kit';

/** A mapped event as a search would show it, without what storing adds: ids, stream, source. */
export function shownEvent(event: MappedEvent): Readonly<Record<string, unknown>> {
  const fields = [...event.fields].map(([name, value]): [string, unknown] => [name, shownValue(value)]);
  const attributes = [...event.attributes].map(([key, json]): [string, unknown] => [
    key,
    parseExactJson(json),
  ]);
  return {
    timestamp: formatTimestamp(event.timestamp),
    event_type: event.event_type,
    severity_number: event.severity_number,
    ...(event.id !== '' && { id: event.id }),
    ...Object.fromEntries(fields),
    attributes: Object.fromEntries(attributes),
  };
}

function shownValue(value: FieldValue): string | number | boolean {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
