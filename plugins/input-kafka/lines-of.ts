import type { TopicRecord } from './topic-record.js';

/** A partition of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** What records come to: those that are handed over as they are, and those that can only be refused. */
export interface RecordLines {
  readonly events: readonly Uint8Array[];
  /** Lines of words that are no JSON, which quarantine keeps: where the record is, why it was refused, what its bytes are. */
  readonly refused: readonly Uint8Array[];
}

const [OPEN, CLOSE] = ['{'.charCodeAt(0), '}'.charCodeAt(0)];
const WHITE = new Set([9, 10, 13, 32]);

/** Makes lines of records. A JSON object is told where it comes from; the bytes of text stay as they are. */
export function linesOf(
  records: readonly TopicRecord[],
  place: Place,
  { format, maxBytes }: { readonly format: 'json' | 'lines'; readonly maxBytes: number },
): RecordLines {
  const events: Uint8Array[] = [];
  const refused: Uint8Array[] = [];
  for (const record of records) {
    const { value, unreadable } = record;
    if (value === null) {
      if (unreadable !== undefined) refused.push(refusalOf(record, place, unreadable, maxBytes));
      continue;
    }
    const event = format === 'lines' ? value : withOrigin(value, place, record.offset);
    if (event === undefined) refused.push(refusalOf(record, place, 'no JSON object', maxBytes));
    else if (format === 'json' && event.length > maxBytes)
      refused.push(refusalOf(record, place, `longer than ${maxBytes} bytes`, maxBytes));
    else events.push(event);
  }
  return { events, refused };
}

/** A JSON object with the fields `kafka_topic`, `kafka_partition` and `kafka_offset`; undefined where it can't be one. */
function withOrigin(value: Buffer, { topic, partition }: Place, offset: number): Buffer | undefined {
  let [first, last] = [0, value.length - 1];
  while (WHITE.has(value[first] ?? 0)) first += 1;
  while (last > first && WHITE.has(value[last] ?? 0)) last -= 1;
  if (value[first] !== OPEN || value[last] !== CLOSE || last === first) return undefined;
  const isEmpty = value.subarray(first + 1, last).every((byte) => WHITE.has(byte));
  const fields = JSON.stringify({ kafka_topic: topic, kafka_partition: partition, kafka_offset: offset });
  const origin = `${isEmpty ? '' : ','}${fields.slice(1)}`;
  return Buffer.concat([value.subarray(first, last), Buffer.from(origin)]);
}

function refusalOf(
  { offset, end, value }: TopicRecord,
  { topic, partition }: Place,
  reason: string,
  maxBytes: number,
): Buffer {
  // Base64 takes a third more; what is cut off is still in the topic.
  const kept = value?.subarray(0, Math.floor(maxBytes / 2));
  const detail = {
    ...{ topic, partition, offset, last_offset: end - 1, reason },
    ...(kept && { value_base64: kept.toString('base64') }),
    ...(kept && value && kept.length < value.length && { value_bytes: value.length }),
  };
  return Buffer.from(`refused record of Kafka: ${JSON.stringify(detail)}`);
}
