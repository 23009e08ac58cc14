import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';
import { makeScanQuery, scanned, searched } from './testing/scan-and-search.js';

let open: TierUnderTest;

beforeAll(async () => {
  open = await openTier();
});
afterAll(() => open.close());

describe('a line of a scan', () => {
  it.each([
    [
      'hostile texts',
      {
        message: 'a"\\\r\n\t\u0000\u0001\u007f\u2028😀/</script>',
        level: '=1+1',
        service: '{"x":1}',
        host: "'",
      },
    ],
    [
      'hostile keys',
      { __proto__x: 1, constructor: { prototype: 1 }, 'a"b': 'c', '': 0, 'k\u0001': '\u0001' },
    ],
    ['deep attributes', { a: { b: [1, { c: null }], __proto: {} }, 'a.b': [true, 1.5, -0.25] }],
    [
      'every kind of field',
      {
        user_id: 'u',
        region: 'eu',
        latency_ms: 1e21,
        status: 65535,
        delta: -5,
        bytes: 7,
        ok: false,
        id: 'x',
      },
    ],
    ['absent fields', {}],
    ['hex fields', { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }],
  ])('equals the event of a search: %s', async (name, event) => {
    const stream = { ...open.stream, name: `line-${name.replaceAll(' ', '-')}` };
    await open.tier.insert(batchOf(stream, [JSON.stringify({ timestamp: 1_795_000_000, ...event })]));
    const query = makeScanQuery([stream]);
    expect(await scanned(open, query)).toEqual(await searched(open, query));
  });

  it.each([
    '{"bytes":18446744073709551615,"delta":-9223372036854775808}',
    '{"bytes":9007199254740991,"delta":-9007199254740991,"n":9007199254740993}',
    '{"o":{"k":1,"k":2,"n":12345678901234567890},"l":[1234567890123456789]}',
    '{"__proto__":{"polluted":true},"o":{"__proto__":1}}',
    '{"message":"  spaced  ","attributes":{"x":1}}',
    '{"message":"","level":null,"latency_ms":"2.5"}',
  ])('equals the event of a search: %s', async (line) => {
    const stream = {
      ...open.stream,
      name: `raw-${Buffer.from(line).toString('hex').slice(0, 40)}`,
      keepRaw: 'always' as const,
    };
    await open.tier.insert(batchOf(stream, [line]));
    const query = makeScanQuery([stream]);
    const [event] = await scanned(open, query);
    expect([event]).toEqual(await searched(open, query));
    expect(event?.['raw']).toBe(line);
  });
});
