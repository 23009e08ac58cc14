import { describe, expect, it } from 'vitest';
import type { StreamSpec } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { sentEvent, toStoredEvent, type EventRow } from './stored-event.js';

const stream: StreamSpec = {
  tenant: 'acme',
  name: 'orders',
  keepRaw: 'when_needed',
  eventType: makeEventType({ fields: [makeField(), makeField({ name: 'size', type: 'uint64' })] }),
};
const TIME = '2026-11-20 00:00:00.000000001';

function makeRow(more: Readonly<Record<string, unknown>> = {}): EventRow {
  const identity = { _block: '0'.repeat(31) + '1', row: 4, source: 'a', event_type: 'order', id: '' };
  const times = { _timestamp: TIME, _received_at: TIME, severity_number: 0 };
  const fields = {
    level: '',
    message: 'm',
    'hex.trace_id': '0'.repeat(32),
    'hex.span_id': '0'.repeat(16),
    state: '',
    size: null,
  };
  return { ...identity, ...times, ...fields, attributes: {}, shape: '', _raw: '', _raw_is_utf8: 1, ...more };
}
const sent = (more: Readonly<Record<string, unknown>>): unknown =>
  JSON.parse(JSON.stringify(sentEvent(stream, makeRow(more))));

describe('a stored event', () => {
  it('has its identity and what was sent, and leaves out what was not', () => {
    const event = toStoredEvent(stream, makeRow({ attributes: { a: '{"b":1}' } }));
    expect(JSON.parse(JSON.stringify(event))).toEqual({
      event_id: `${'0'.repeat(31)}1-4`,
      tenant: 'acme',
      stream: 'orders',
      source: 'a',
      timestamp: '2026-11-20T00:00:00.000000001Z',
      observed_timestamp: '2026-11-20T00:00:00.000000001Z',
      event_type: 'order',
      severity_number: 0,
      message: 'm',
      attributes: { a: { b: 1 } },
    });
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615', '18446744073709551615'],
    ['0', 0],
  ])('has the integer %s as a number only where a number holds it', (text, expected) => {
    expect(toStoredEvent(stream, makeRow({ size: text }))['size']).toBe(expected);
  });

  it('has the bytes that were kept, in base64 where they are no text', () => {
    expect(toStoredEvent(stream, makeRow({ _raw: 'ü' }))).toMatchObject({ raw: 'ü' });
    const bytes = toStoredEvent(stream, makeRow({ _raw: 'Yf8=', _raw_is_utf8: 0 }));
    expect(bytes).toMatchObject({ raw_base64: 'Yf8=' });
    expect('raw' in bytes || 'raw' in toStoredEvent(stream, makeRow())).toBe(false);
  });

  it('refuses an answer that names no block', () => {
    expect(() => toStoredEvent(stream, makeRow({ _block: 'x' }))).toThrow(/block id/);
  });
});

describe('the event as it was sent', () => {
  it('has time and type only where they were sent', () => {
    expect(sent({})).toEqual({ message: 'm' });
    expect(sent({ _timestamp: '2026-11-19 00:00:00.000000000', event_type: 'odd' })).toEqual({
      timestamp: '2026-11-19T00:00:00.000000000Z',
      event_type: 'odd',
      message: 'm',
    });
    expect(sent({ shape: 'timestamp,event_type' })).toEqual({
      timestamp: '2026-11-20T00:00:00.000000001Z',
      event_type: 'order',
      message: 'm',
    });
  });

  it('has its own names for fields, and its attributes where they stood', () => {
    expect(sent({ shape: 'timestamp=ts,message=msg', attributes: { a: '1' } })).toEqual({
      ts: '2026-11-20T00:00:00.000000001Z',
      msg: 'm',
      a: 1,
    });
    expect(sent({ shape: 'attributes', attributes: { message: '1' } })).toEqual({
      message: 'm',
      attributes: { message: 1 },
    });
  });

  it('is read from its bytes where they were kept', () => {
    expect(sent({ _raw: '{"message":"first","message":"m"}' })).toEqual({ message: 'first' });
  });

  it('is the line where that was text', () => {
    expect(sent({ shape: 'text', _raw: '<13>m' })).toBe('<13>m');
    expect(sent({ shape: 'text' })).toBe('m');
    expect(sent({ shape: 'text', _raw: 'Yf8=', _raw_is_utf8: 0 })).toBe('a\ufffd');
  });

  it('keeps a key named __proto__, and a value before a null that repeats its key', () => {
    expect(
      Object.keys(sentEvent(stream, makeRow({ attributes: { ['__proto__']: '1' } })) as object),
    ).toContain('message');
    expect(sent({ attributes: { message: 'null' } })).toEqual({ message: 'm' });
  });
});
