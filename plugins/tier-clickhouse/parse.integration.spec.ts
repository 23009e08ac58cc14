import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatEventId, parseTime, type EventPlace } from '#event-model';
import type { QuarantinedRow, StoredEvent } from '#plugin-kit';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

let open: TierUnderTest;
beforeAll(async () => {
  open = await openTier();
});
afterAll(() => open.close());

const RECEIVED = parseTime('2026-11-21T12:00:00Z') ?? 0n;

/** Stores one line and gives back what was found: the event, or the reason of its refusal. */
async function store(line: string | Uint8Array): Promise<{ event?: StoredEvent; reason?: string }> {
  const batch = batchOf(open.stream, [line], RECEIVED);
  const report = await open.tier.insert(batch);
  const [refused] = report.quarantined as readonly QuarantinedRow[];
  if (refused) return { reason: refused.reason };
  const block = batch.blocks[0]?.header.id;
  const place = { block, row: 0 } as EventPlace;
  const event = await open.tier.find('default', [open.stream], place);
  expect(event?.event_id).toBe(formatEventId(place.block, 0));
  return event ? { event } : {};
}

const equalEvents: readonly [name: string, event: Record<string, unknown>][] = [
  [
    'declared fields in their own form',
    {
      timestamp: '2026-11-21T03:00:00.123456789Z',
      level: 'INFO',
      service: 'a',
      message: 'm',
      user_id: 'u1',
      latency_ms: 1.5,
      status: 200,
      bytes: 5,
      delta: -3,
      ok: false,
    },
  ],
  [
    'undeclared fields of every JSON type',
    {
      message: 'm',
      s: 'x',
      n: 1.25,
      i: 7,
      t: true,
      f: false,
      z: null,
      a: [1, 'two', { three: 3 }],
      o: { deep: { er: [] } },
    },
  ],
  ['an empty object', {}],
  ['a declared text that is a number', { message: 5, service: 'x' }],
  ['a declared number that is a string', { status: '200', latency_ms: '1.5' }],
  ['declared fields that are null', { message: null, status: null, level: 'INFO' }],
  ['empty strings', { message: '', service: '', user_id: '' }],
  ['an object where text is declared', { service: { service: 'a', message: 'b' }, message: 5 }],
  [
    'aliases',
    {
      '@timestamp': '2026-11-21T03:00:00.000000000Z',
      msg: 'hello',
      severity: 'warn',
      hostname: 'h',
      uid: 'u2',
    },
  ],
  ['an alias beside the name it stands for', { message: 'a', msg: 'b' }],
  ['free attributes in an object', { message: 'm', attributes: { a: 1, b: 'two' } }],
  ['free attributes in an object and beside it', { message: 'm', a: 1, attributes: { b: 'two' } }],
  ['an empty attributes object', { attributes: {} }],
  ['attributes that are no object', { attributes: [1, 2] }],
  [
    'trace ids as W3C writes them',
    { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' },
  ],
  ['trace ids in another form', { trace_id: 'ABC', span_id: 17 }],
  ['escapes, quotes and control characters', { message: 'a"b\\c\n\t\u0001/é😀', 'k"ey': '\\' }],
  [
    'keys that are special elsewhere',
    { __proto__x: 1, constructor: 'c', prototype: { a: 1 }, hasOwnProperty: 2 },
  ],
  [
    'zero, false and a date before 2000',
    { timestamp: '1999-12-31T23:59:59.000000000Z', latency_ms: 0, status: 0, ok: false },
  ],
  ['large and small numbers', { latency_ms: 1e21, x: 1e-7, y: 123456789012, bytes: 9007199254740991 }],
  ['an id and an event type', { id: 'abc', event_type: 'special', message: 'm' }],
];

describe('a stored event', () => {
  it.each(equalEvents)('comes back JSON-equal: %s', async (_name, event) => {
    for (const text of [JSON.stringify(event), JSON.stringify(event, null, 1).replaceAll('\n', ' ')]) {
      const { event: stored } = await store(text);
      expect(JSON.parse(JSON.stringify(stored?.['original']))).toEqual(event);
    }
  });

  it('keeps no bytes where the columns give it back, and keeps them where they do not', async () => {
    const exact = await store(
      '{"timestamp":"2026-11-21T03:00:00Z","level":"INFO","message":"m","status":200,"x":1}',
    );
    expect(exact.event).not.toHaveProperty('raw');
    const inexact = await store('{"message":5}');
    expect(inexact.event).toMatchObject({ message: '5', raw: '{"message":5}' });
  });

  it('has its declared fields at the top, the others with their types under attributes', async () => {
    const { event } = await store(
      '{"ts":1763632800123,"level":"Warning","status":404,"user":"u","n":1,"big":12345678901234567890}',
    );
    expect(event).toMatchObject({
      timestamp: '2025-11-20T10:00:00.123000000Z',
      level: 'Warning',
      severity_number: 13,
      status: 404,
      source: 'test-source',
      event_type: 'every-field',
      attributes: { user: 'u', n: 1, big: '12345678901234567890' },
    });
  });

  it('takes the first of duplicate keys', async () => {
    const { event } = await store('{"message":"first","message":"second","a":1,"a":2}');
    expect(event).toMatchObject({ message: 'first', attributes: { a: 1 } });
    expect(event).toHaveProperty('raw');
  });

  it('without a time has the time of its acceptance', async () => {
    const { event } = await store('{"message":"m"}');
    expect(event?.timestamp).toBe('2026-11-21T12:00:00.000000000Z');
  });

  it('a key named __proto__ is only a key', async () => {
    const { event } = await store('{"__proto__":{"polluted":true},"message":"m"}');
    expect(Object.keys((event?.['attributes'] ?? {}) as object)).toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a refused line', () => {
  const deep = `{"a":${'['.repeat(70)}${']'.repeat(70)}}`;
  it.each<[reason: string, line: string | Uint8Array]>([
    ['not_json', 'hello'],
    ['not_json', '{"a":1'],
    ['not_json', '{"a":1} trailing'],
    ['not_json', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
    ['not_json', '{"a":"\\ud800"}'],
    ['not_object', '["message"]'],
    ['not_object', '"text"'],
    ['not_object', '17'],
    ['not_object', 'null'],
    ['bad:timestamp', '{"timestamp":"yesterday"}'],
    ['bad:timestamp', '{"timestamp":"12:00"}'],
    ['bad:timestamp', '{"timestamp":{"a":1}}'],
    ['range:timestamp', '{"timestamp":"1970-01-01T00:00:00Z"}'],
    ['range:timestamp', '{"timestamp":"2026-11-23T12:00:00Z"}'],
    ['type:status', '{"status":70000}'],
    ['type:status', '{"status":1.5}'],
    ['type:status', '{"status":true}'],
    ['type:status', '{"status":"abc","message":"m"}'],
    ['type:latency_ms', '{"latency_ms":true}'],
    ['type:latency_ms', '{"latency_ms":[1]}'],
    ['type:ok', '{"ok":"yes"}'],
    ['type:ok', '{"ok":1}'],
    ['limit:depth', deep],
    ['limit:key_length', `{"${'k'.repeat(257)}":1}`],
    ['limit:keys', `{${Array.from({ length: 2001 }, (_, n) => `"k${n}":${n}`).join(',')}}`],
  ])('%s: %s', async (reason, line) => {
    expect(await store(line)).toEqual({ reason });
  });

  it('just inside the limits is stored', async () => {
    const inside = `{"a":${'['.repeat(60)}${']'.repeat(60)},"b":"${'[{'.repeat(100)}","${'k'.repeat(256)}":1}`;
    expect((await store(inside)).event).toBeDefined();
  });
});
