import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { isRefusal, mapEvent, type MappedEvent } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';

const RECEIVED = parseTime('2026-11-21T12:00:00.123456789Z') ?? 0n;
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

function mapped(line: string): MappedEvent {
  const result = mapEvent(TYPE, Buffer.from(line), RECEIVED);
  if (isRefusal(result)) throw new Error(result.message);
  return result;
}

const fieldsOf = (line: string): object => Object.fromEntries(mapped(line).fields);
const attributesOf = (line: string): object => Object.fromEntries(mapped(line).attributes);

describe('an event that is mapped', () => {
  it('without anything has the time of its acceptance and the name of its type', () => {
    expect(mapped('{}')).toEqual({
      timestamp: RECEIVED,
      event_type: 'order',
      severity_number: 0,
      id: '',
      fields: new Map(),
      attributes: new Map(),
    });
  });

  it('has its fields by name, whichever key they came by', () => {
    expect(fieldsOf('{"msg":"m","severity":"Warn","sum":7,"state":"open","paid":false}')).toEqual({
      level: 'Warn',
      message: 'm',
      total: 7,
      state: 'open',
      paid: false,
    });
    expect(mapped('{"id":17,"event_type":"special","severity":" WARN "}')).toMatchObject({
      id: '17',
      event_type: 'special',
      severity_number: 13,
    });
  });

  it('takes a name before its aliases, and leaves those as attributes', () => {
    expect(fieldsOf('{"sum":1,"total":2}')).toEqual({ total: 2 });
    expect(attributesOf('{"sum":1,"total":2}')).toEqual({ sum: '1' });
    expect(attributesOf('{"total":null,"sum":1,"timestamp":null}')).toEqual({
      total: 'null',
      timestamp: 'null',
    });
  });

  it.each([
    ['{"total":"65535","price":"1.5"}', { total: 65_535, price: 1.5 }],
    ['{"total":"+007","price":".5"}', { total: 7, price: 0.5 }],
    ['{"total":2e2,"price":5e-324}', { total: 200, price: 5e-324 }],
    ['{"big":18446744073709551615}', { big: 18_446_744_073_709_551_615n }],
    ['{"delta":"-9223372036854775808"}', { delta: -9_223_372_036_854_775_808n }],
    [
      '{"message":5,"state":[1, {"a" : 2.0}],"service":true}',
      { message: '5', state: '[1,{"a":2}]', service: 'true' },
    ],
    ['{"message":"","state":""}', {}],
    ['{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}', { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' }],
    ['{"trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736","span_id":17}', {}],
  ])('%s has the values of its columns', (line, fields) => {
    expect(fieldsOf(line)).toEqual(fields);
  });

  it('keeps every other key with its type, and ids in another form', () => {
    const line = '{"s":"a\\u0041\\/\\u001f","n":1.50,"e":1E21,"z":-0.0,"a":[ 1,{} ],"span_id":"17"}';
    expect(attributesOf(line)).toEqual({
      s: '"aA/\\u001F"',
      n: '1.5',
      e: '1e21',
      z: '-0',
      a: '[1,{}]',
      span_id: '"17"',
    });
  });

  it('takes attributes out of an object of that name, after its own', () => {
    expect(attributesOf('{"attributes":{"a":1,"b":2,"message":"m"},"a":3}')).toEqual({
      a: '3',
      b: '2',
      message: '"m"',
    });
    expect(attributesOf('{"attributes":{}}')).toEqual({ attributes: '{}' });
    expect(attributesOf('{"attributes":[1]}')).toEqual({ attributes: '[1]' });
    expect(attributesOf('{"attribute\\u0073":{"a":1}}')).toEqual({ attributes: '{"a":1}' });
  });

  it('takes the first of equal keys, whatever the later ones are', () => {
    const line = '{"total":1,"total":"many","x":1,"x":2,"attributes":{"a":1},"attributes":7}';
    expect([fieldsOf(line), attributesOf(line)]).toEqual([{ total: 1 }, { x: '1', a: '1' }]);
  });

  it('keeps a key that is special to objects as a key', () => {
    expect([...mapped('{"__proto__":{"a":1},"constructor":2}').attributes]).toEqual([
      ['__proto__', '{"a":1}'],
      ['constructor', '2'],
    ]);
  });
});
