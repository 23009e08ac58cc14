import { describe, expect, it } from 'vitest';
import { addField, losslessNumber } from '#plugin-kit';

describe('a field of an event', () => {
  it('has its value, or the list of its values', () => {
    const event: Record<string, unknown> = {};
    for (const value of [1, 1]) expect(addField(event, 'a', value)).toBe(true);
    for (const value of ['x', 'y', 'x', 'z']) addField(event, 'b', value);
    expect(event).toEqual({ a: 1, b: ['x', 'y', 'z'] });
  });

  it('keeps a hundred values', () => {
    const event: Record<string, unknown> = {};
    const kept = Array.from({ length: 150 }, (_, n) => addField(event, 'a', n));
    expect(kept.filter(Boolean)).toHaveLength(100);
    expect(event['a']).toHaveLength(100);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may be called %s', (name) => {
    const event: Record<string, unknown> = {};
    addField(event, name, 'x');
    addField(event, name, 'y');
    expect(Object.entries(event)).toEqual([[name, ['x', 'y']]]);
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  });
});

describe('a number in a text', () => {
  it.each([
    ['0', 0],
    ['80', 80],
    ['-7', -7],
    ['3.14', 3.14],
    ['9007199254740991', 9007199254740991],
    ['0.1', 0.1],
  ])('%s is kept as a number', (text, value) => {
    expect(losslessNumber(text)).toBe(value);
  });

  it.each([
    '',
    '-',
    '007',
    '+5',
    '1.0',
    '1e3',
    '0x1f',
    '-0',
    '.5',
    '5.',
    ' 5',
    '9007199254740993',
    '33411452762204224',
    '0.1234567890123456789',
    'NaN',
    'Infinity',
    '-Infinity',
    '1_000',
  ])('%j stays a text', (text) => {
    expect(losslessNumber(text)).toBeUndefined();
  });
});
