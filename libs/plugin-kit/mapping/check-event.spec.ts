import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { checkEvent } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';

const RECEIVED = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const TYPE = makeEventType({
  fields: [
    makeField(),
    makeField({ name: 'total', type: 'uint16', aliases: ['sum'] }),
    makeField({ name: 'price', type: 'float64' }),
    makeField({ name: 'big', type: 'uint64' }),
    makeField({ name: 'delta', type: 'int64' }),
    makeField({ name: 'paid', type: 'bool' }),
  ],
});

const reasonOf = (line: string | Uint8Array): string | undefined =>
  checkEvent(TYPE, Buffer.from(line), RECEIVED)?.reason;

describe('an event that is checked', () => {
  it.each([
    '{}',
    ' {"message" : "m" } ',
    '\ufeff{"message":"m"}',
    '{"total":"200","price":"1.5","big":"18446744073709551615","delta":-9223372036854775808,"paid":true}',
    '{"total":200.0,"price":1e308}',
    '{"total":null,"paid":null,"timestamp":null}',
    '{"timestamp":"2026-11-22T12:00:00Z"}',
    '{"ts":1763632800.123,"trace_id":"ABC","message":{"a":1}}',
    '{"message":"first","message":5,"total":1,"total":"x"}',
    '{"a":"\\ud83d\\ude00\\/"}',
  ])('is taken: %s', (line) => {
    expect(reasonOf(line)).toBeUndefined();
  });

  const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const keys = (count: number): string =>
    `{${Array.from({ length: count }, (_, n) => `"k${n}":${n}`).join(',')}}`;

  it.each<[reason: string, line: string | Uint8Array]>([
    ['not_json', 'hello'],
    ['not_json', ''],
    ['not_json', '{'],
    ['not_json', '{"a"'],
    ['not_json', '{"a":1'],
    ['not_json', '{"a":1,}'],
    ['not_json', '{"a":1}}'],
    ['not_json', '{a:1}'],
    ['not_json', '{"a":01}'],
    ['not_json', '{"a":"\\x"}'],
    ['not_json', '{"a":"\\ud800"}'],
    ['not_json', '{"a":"\t"}'],
    ['not_json', '{"a":"'],
    ['not_json', '{"a":"\\'],
    ['not_json', '{"a":[1 2]}'],
    ['not_json', '{"a":1e400}'],
    ['not_json', '{"a":18446744073709551616}'],
    ['not_json', deep(1_100)],
    ['not_json', Buffer.from([0x7b, 0xff, 0x7d])],
    ['not_object', '[{}]'],
    ['not_object', '17'],
    ['not_object', 'null'],
    ['bad:timestamp', '{"timestamp":"yesterday"}'],
    ['bad:timestamp', '{"timestamp":{"a":1}}'],
    ['bad:timestamp', '{"timestamp":""}'],
    ['range:timestamp', '{"time":"1979-12-31T23:59:59.999999999Z"}'],
    ['range:timestamp', '{"time":"2026-11-22T12:00:00.000000001Z"}'],
    ['type:total', '{"total":65536}'],
    ['type:total', '{"total":1.5}'],
    ['type:total', '{"total":"1.0"}'],
    ['type:total', '{"sum":true,"total":1}'],
    ['type:price', '{"price":"dear"}'],
    ['type:price', '{"price":""}'],
    ['type:price', '{"price":[1]}'],
    ['type:big', '{"big":-1}'],
    ['type:delta', '{"delta":9223372036854775808}'],
    ['type:paid', '{"paid":"true"}'],
    ['type:paid', '{"paid":1}'],
    ['limit:keys', keys(2_001)],
    ['limit:key_length', `{"${'é'.repeat(129)}":1}`],
    ['limit:key_length', `{"attributes":{"${'k'.repeat(257)}":1}}`],
    ['limit:depth', deep(64)],
  ])('is refused with %s: %s', (reason, line) => {
    expect(reasonOf(line)).toBe(reason);
  });

  it('just inside the limits is taken', () => {
    expect([deep(63), keys(2_000), `{"${'é'.repeat(128)}":1}`].map(reasonOf)).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('is refused with what, where and how to mend it', () => {
    expect(checkEvent(TYPE, Buffer.from('{"sum":"many"}'), RECEIVED)).toEqual({
      reason: 'type:total',
      message: '"sum" is not an integer from 0 to 65535: "many".',
      mend: 'Send an integer from 0 to 65535, or null, or send it under a key that the type does not declare.',
      field: 'total',
    });
    expect(checkEvent(TYPE, Buffer.from('{"a":tru}'), RECEIVED)).toMatchObject({
      message: 'It is not JSON: a value is missing (at character 5).',
    });
  });

  it('without a required field is refused, whichever key it may come by', () => {
    const type = makeEventType({ fields: [makeField({ name: 'user', aliases: ['uid'], required: true })] });
    const missing = { reason: 'missing:user', field: 'user', mend: 'Send it as "user" or "uid".' };
    for (const line of ['{}', '{"user":null}', '{"uid":""}'])
      expect(checkEvent(type, Buffer.from(line), RECEIVED)).toMatchObject(missing);
    expect(checkEvent(type, Buffer.from('{"uid":"u"}'), RECEIVED)).toBeUndefined();
  });
});
