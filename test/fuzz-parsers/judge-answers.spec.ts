import { describe, expect, it } from 'vitest';
import type { ParsedLine } from '#plugin-kit';
import { faultOf } from './judge-answers.js';
import { Luck, mutateLine } from './mutate-line.js';

const event = (fields: Record<string, unknown>): ParsedLine => ({ kind: 'event', event: fields });
const line = Buffer.from('x');

describe('an answer', () => {
  it.each<[string, ParsedLine]>([
    ['event', event({ message: 'm', timestamp: '2026-11-20T08:15:30Z', n: [1] })],
    ['refusal', { kind: 'refused', reason: 'no', message: 'No.' }],
    ['partial event', { kind: 'event', event: {}, confidence: 'partial' }],
  ])('that is sound has no fault: %s', (_what, answer) => {
    expect(faultOf(answer, line)).toBeUndefined();
  });

  it.each<[string, ParsedLine | undefined, RegExp]>([
    ['none', undefined, /no answer/],
    ['undefined in it', event({ a: undefined }), /loses/],
    ['no number', event({ a: Number.NaN }), /no number/],
    ['a long key', event({ ['k'.repeat(300)]: 1 }), /too long/],
    ['many keys', event(Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [n, n]))), /too many/],
    ['a bad time', event({ timestamp: 'soon' }), /time is none/],
    ['no reason', { kind: 'refused', reason: 'No such', message: 'x' }, /no reason/],
    ['no JSON', { kind: 'json' }, /no object/],
  ])('with a fault is found: %s', (_what, answer, fault) => {
    expect(faultOf(answer, line)).toMatch(fault);
  });
});

describe('mutated lines', () => {
  it('are the same for the same seed, and have no line end', () => {
    const seeds = [Buffer.from('<34>Oct 11 22:14:15 host app: x')];
    const make = (seed: number): string[] => {
      const luck = new Luck(seed);
      return Array.from({ length: 500 }, () => mutateLine(seeds, luck).toString('latin1'));
    };
    expect(make(1)).toEqual(make(1));
    expect(make(2)).not.toEqual(make(1));
    expect(make(1).filter((text) => /[\r\n]/.test(text) || text.trim() === '')).toEqual([]);
    expect(new Set(make(1)).size).toBeGreaterThan(300);
  });
});
