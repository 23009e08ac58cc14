import { expect, it } from 'vitest';
import { linesOf } from './lines-of.js';
import type { TopicRecord } from './topic-record.js';

const place = { topic: 'orders', partition: 3 };
const record = (value: string | null, offset = 7): TopicRecord => ({
  offset,
  end: offset + 1,
  value: value === null ? null : Buffer.from(value),
});
const texts = (lines: readonly Uint8Array[]): string[] => lines.map((line) => Buffer.from(line).toString());

function lines(records: readonly TopicRecord[], format: 'json' | 'lines' = 'json', maxBytes = 1_000) {
  const { events, refused } = linesOf(records, place, { format, maxBytes });
  return { events: texts(events), refused: texts(refused) };
}

const ORIGIN = '"kafka_topic":"orders","kafka_partition":3,"kafka_offset":7}';

it.each([
  ['{"a":1}', `{"a":1,${ORIGIN}`],
  ['{}', `{${ORIGIN}`],
  [' { "a" : {} }\n', `{ "a" : {} ,${ORIGIN}`],
  ['{ \n}', `{ \n${ORIGIN}`],
])('a JSON object is told where it comes from: %j', (value, line) => {
  expect(lines([record(value)])).toEqual({ events: [line], refused: [] });
  expect(JSON.parse(line)).toMatchObject({ kafka_offset: 7 });
});

it('JSON that is broken stays broken, and says where it comes from in quarantine', () => {
  for (const value of ['{"a":}', '{"a":"}', '{"a"}', '{"a":1,}', '{,}', '{"a":1}}']) {
    const [line = ''] = lines([record(value)]).events;
    expect(() => JSON.parse(line) as unknown).toThrow(SyntaxError);
    expect(line).toContain(ORIGIN);
  }
});

it.each(['[1]', '"{}"', 'text', '', ' ', '{', '}', '}{'])(
  'what is no object is refused with its bytes: %j',
  (value) => {
    const { events, refused } = lines([record(value)]);
    expect(events).toEqual([]);
    const detail = JSON.parse(String(refused[0]).replace('refused record of Kafka: ', '')) as object;
    expect(detail).toEqual({
      ...{ topic: 'orders', partition: 3, offset: 7, last_offset: 7, reason: 'no JSON object' },
      value_base64: Buffer.from(value).toString('base64'),
    });
  },
);

it('what is too long is refused with its first bytes, in a line that is not', () => {
  const { refused } = lines([record(`{"a":"${'x'.repeat(2_000)}"}`)]);
  expect(refused[0]).toMatch(/"reason":"longer than 1000 bytes".*"value_bytes":2008}$/);
  expect(refused[0]?.length).toBeLessThan(1_000);
});

it('text stays as it is, deletions are nothing, and what could not be read is one line', () => {
  const unreadable = { offset: 8, end: 20, value: null, unreadable: 'gzip: too large' };
  expect(lines([record('<13>a'), record(null), unreadable], 'lines')).toEqual({
    events: ['<13>a'],
    refused: [
      'refused record of Kafka: {"topic":"orders","partition":3,"offset":8,"last_offset":19,"reason":"gzip: too large"}',
    ],
  });
});
