import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchCounted } from './regex-machine.js';

const PATTERNS: readonly RegExp[] = [
  /a|ab|b/,
  /(?:a|b)*c/,
  /(a*)*b/y,
  /^(?:a?b{2,3}c+?)$/,
  /[^\s:[\]]{1,3}(?=:)/y,
  /x(?!y)\d{2,}?/g,
  /(["'])a*\1/,
  /\\(?:u([0-9a-f]{2})|(.))/s,
  /[A-Z]b./i,
  /\p{L}+[\u00e9-\uffff]/u,
  /(?:|a)+b/,
  /\x41\u0042|\t/,
  /(?<!a)b|(?<=c)x/,
];

const steps = (pattern: RegExp, text: string): number => {
  const counter = { steps: 0 };
  matchCounted(pattern, text, 0, counter);
  return counter.steps;
};

describe('the machine that counts', () => {
  it('matches what the engine matches', () => {
    const character = fc.constantFrom(...'aabbcxyAB:"\'\\u0[] 12\t\n\u00e9\u{1f680}');
    const text = fc.array(character, { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...PATTERNS), text, fc.nat({ max: 3 }), (pattern, value, from) => {
        const native = new RegExp(
          pattern.source,
          `${pattern.flags.replace(/[gy]/, '')}${pattern.sticky ? 'y' : 'g'}`,
        );
        native.lastIndex = from;
        const match = native.exec(value);
        const expected = match ? { index: match.index, end: match.index + match[0].length } : undefined;
        if (from > value.length) return;
        expect(matchCounted(pattern, value, from, { steps: 0 })).toEqual(expected);
      }),
      { numRuns: 5_000, seed: 6 },
    );
  });

  it('takes as many steps as the characters are, or their square', () => {
    const line = 'a'.repeat(1_000);
    expect(steps(/a*b/y, line)).toBeLessThan(8_000);
    expect(steps(/a*b/, line)).toBeGreaterThan(500_000);
    expect(steps(/(?:a|a)*b/y, 'a'.repeat(12))).toBeGreaterThan(4_096);
  });

  it.each([/\bx/, /(?<=ab)b/, /(?<name>a)/])('says that it does not know %s', (pattern) => {
    expect(() => steps(pattern, 'x')).toThrow(/teach it/);
  });
});
