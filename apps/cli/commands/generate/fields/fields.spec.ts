import { describe, expect, it } from 'vitest';
import { drawMany, fieldOf, sharesOf, TIME_MS } from '../testing/draw-field.js';
import { fieldKinds } from './make-field.js';

const numbers = (yaml: string): readonly number[] => drawMany(yaml) as readonly number[];
const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((each) => (each - middle) ** 2)));
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

describe('a choice', () => {
  it('comes as often as its weights say, with keys as they are in YAML', () => {
    const shares = sharesOf(drawMany('{ choice: { 200: 80, never: 0.001, true: 20 } }'));
    expect(shares.get(200)).toBeCloseTo(0.8, 1);
    expect(shares.get(true)).toBeCloseTo(0.2, 1);
    expect(shares.get('never') ?? 0).toBeLessThan(0.01);
  });

  it('of a list has the same odds for all', () => {
    const shares = sharesOf(drawMany('{ choice: [a, b, c, d] }'));
    expect([...shares.keys()].map(String).sort()).toEqual(['a', 'b', 'c', 'd']);
    for (const share of shares.values()) expect(share).toBeCloseTo(0.25, 1);
  });
});

describe('a number', () => {
  it('is uniform over whole numbers, both ends included', () => {
    const shares = sharesOf(drawMany('{ uniform: { from: 1, to: 6 } }'));
    expect([...shares.keys()].map(Number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const share of shares.values()) expect(share).toBeCloseTo(1 / 6, 1);
  });

  it('is uniform with decimals', () => {
    const drawn = numbers('{ uniform: { from: -1, to: 1, decimals: 2 } }');
    expect(mean(drawn)).toBeCloseTo(0, 1);
    expect(Math.min(...drawn)).toBe(-1);
    expect(Math.max(...drawn)).toBe(1);
    expect(drawn.every((each) => Math.abs(each * 100 - Math.round(each * 100)) < 1e-9)).toBe(true);
  });

  it('is normal around its mean, within its limits', () => {
    const drawn = numbers('{ normal: { mean: 500, deviation: 80 } }');
    expect(Math.abs(mean(drawn) - 500)).toBeLessThan(3);
    expect(Math.abs(deviation(drawn) - 80)).toBeLessThan(3);
    const held = numbers('{ normal: { mean: 50, deviation: 80, min: 0, max: 100 } }');
    expect([Math.min(...held), Math.max(...held)]).toEqual([0, 100]);
  });

  it('is log-normal around its median, with a long tail', () => {
    const drawn = numbers('{ log_normal: { median: 20, sigma: 1, decimals: 3 } }');
    expect(Math.abs(median(drawn) - 20)).toBeLessThan(1);
    expect(Math.abs(deviation(drawn.map(Math.log)) - 1)).toBeLessThan(0.03);
    expect(mean(drawn)).toBeGreaterThan(30);
  });

  it.each([1, 1.2, 0.5])('follows Zipf with exponent %d', (exponent) => {
    const shares = sharesOf(drawMany(`{ zipf: { values: 50, exponent: ${exponent} } }`));
    const sum = Array.from({ length: 50 }, (_, at) => (at + 1) ** -exponent).reduce((a, b) => a + b);
    for (const rank of [1, 2, 3, 10, 50])
      expect(Math.abs((shares.get(rank) ?? 0) - rank ** -exponent / sum)).toBeLessThan(0.012);
    expect([...shares.keys()].every((rank) => Number(rank) >= 1 && Number(rank) <= 50)).toBe(true);
  });

  it('follows Zipf over more values than a table could hold, and has a prefix', () => {
    const drawn = drawMany('{ zipf: { values: 1000000000, prefix: u } }', { count: 1_000 });
    expect(drawn.every((each) => /^u[1-9]\d{0,9}$/.test(String(each)))).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(500);
    expect(drawMany('{ zipf: { values: 1 } }', { count: 2 })).toEqual([1, 1]);
  });

  it('counts on', () => {
    expect(drawMany('{ sequence: {} }', { count: 3 })).toEqual([1, 2, 3]);
    expect(drawMany('{ sequence: { start: 10, step: -5 } }', { count: 4 })).toEqual([10, 5, 0, -5]);
  });
});

describe('an identifier', () => {
  it('is a UUID of version 4, never twice', () => {
    const drawn = drawMany('uuid: {}', { count: 2_000 });
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(drawn.every((each) => form.test(String(each)))).toBe(true);
    expect(new Set(drawn).size).toBe(2_000);
    expect(drawMany('uuid:', { count: 1 })).toHaveLength(1);
  });

  it('has as many hex digits as are asked for', () => {
    expect(drawMany('{ hex: { digits: 33 } }', { count: 9 })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{33}$/)]),
    );
  });

  it.each([
    ['10.20.0.0/16', /^10\.20\.\d{1,3}\.\d{1,3}$/],
    ['10.20.30.40/32', /^10\.20\.30\.40$/],
    ['192.0.2.128/25', /^192\.0\.2\.(12[89]|1[3-9]\d|2\d\d)$/],
    ['2001:db8:5::/48', /^2001:db8:5:[0-9a-f:]+$/],
    ['::ffff:0:0/96', /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/],
  ])('is an address within %s', (network, form) => {
    for (const drawn of drawMany(`{ ip: '${network}' }`, { count: 500 })) expect(drawn).toMatch(form);
  });
});

describe('a time', () => {
  it('is that of the event, in each format', () => {
    expect(drawMany('{ timestamp: {} }', { count: 1 })).toEqual(['2026-11-20T08:15:30.123Z']);
    expect(drawMany('{ timestamp: { format: epoch_ms } }', { count: 1 })).toEqual([TIME_MS]);
    expect(drawMany('{ timestamp: { format: epoch_s, late: 1m } }', { count: 1 })).toEqual([
      Math.floor(TIME_MS / 1_000) - 60,
    ]);
  });

  it('is a little earlier or later', () => {
    const drawn = numbers('{ timestamp: { jitter: 2s, format: epoch_ms } }').map((each) => each - TIME_MS);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-2_001);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(2_000);
    expect(Math.abs(mean(drawn))).toBeLessThan(50);
    expect(deviation(drawn)).toBeGreaterThan(1_000);
  });
});

describe('a text', () => {
  it('has the fields above in it, and braces that are doubled', () => {
    const values = { user: 'u1', ms: 2.5, gone: undefined, tags: ['a'] };
    expect(drawMany("{ template: '{user} took {ms} {{ms}}{gone} {tags}' }", { count: 1, values })).toEqual([
      'u1 took 2.5 {ms} ["a"]',
    ]);
  });

  it('is one of several, by weight', () => {
    const shares = sharesOf(
      drawMany("{ template: { 'rare {n}': 1, 'often {n}': 9 } }", { values: { n: 7 } }),
    );
    expect(shares.get('often 7')).toBeCloseTo(0.9, 1);
    expect(shares.get('rare 7')).toBeCloseTo(0.1, 1);
  });
});

describe('a field of fields', () => {
  it('depends on another', () => {
    const yaml = '{ by: { field: level, cases: { ERROR: { choice: [500] }, 7: seven }, else: 200 } }';
    const one = (level: unknown) => drawMany(yaml, { count: 1, values: { level } });
    expect([one('ERROR'), one(7), one('INFO')]).toEqual([[500], ['seven'], [200]]);
    expect(drawMany('{ by: { field: l, cases: { a: 1 } } }', { count: 1, values: { l: 'b' } })).toEqual([
      undefined,
    ]);
  });

  it('is there in a share of the events', () => {
    const shares = sharesOf(drawMany('{ sometimes: { share: 0.3, of: x } }'));
    expect(shares.get('x')).toBeCloseTo(0.3, 1);
    expect(shares.get(undefined)).toBeCloseTo(0.7, 1);
  });

  it('is a list or an object', () => {
    const lists = drawMany('{ list: { of: { choice: [a, b] }, from: 1, to: 3 } }') as readonly string[][];
    expect(new Set(lists.map((each) => each.length))).toEqual(new Set([1, 2, 3]));
    expect(
      drawMany('{ object: { a: 1, gone: { sometimes: { share: 0, of: 1 } }, b: { constant: [2] } } }')[0],
    ).toEqual({ a: 1, b: [2] });
  });

  it('is a value of its own where no kind is named', () => {
    expect([1, true, null, 'text'].map((each) => drawMany(JSON.stringify(each), { count: 1 })[0])).toEqual([
      1,
      true,
      null,
      'text',
    ]);
  });
});

it.each(fieldKinds.map(({ name, example }) => [name, example]))(
  'the example of %s is right',
  (_, example) => {
    expect(fieldOf(example, ['level', 'user_id', 'ip']).mistakes).toEqual([]);
  },
);
