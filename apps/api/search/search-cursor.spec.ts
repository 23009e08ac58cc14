import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBlockId, type BlockId } from '#event-model';
import { Problem } from '../problems/problem.js';
import { MAX_CURSOR } from './cursor-text.js';
import { readCursor, writeCursor, type CursorOwner, type SearchProgress } from './search-cursor.js';

const owner: CursorOwner = { tenant: 'acme', sort: 'desc', stream: 'web', query: 'a:b' };
const progress: SearchProgress = {
  now: 1_767_225_600_000,
  from: 0n,
  to: 2n ** 63n - 1n,
  after: {
    timestamp: 1_767_225_600_000_000_001n,
    block: parseBlockId('0'.repeat(32)) as BlockId,
    row: 4_294_967_295,
  },
  total: 100_000,
  totalIsExact: false,
};
const CURSOR = writeCursor(owner, progress);

describe('a cursor', () => {
  it('gives back what it was made of, for the same question in either form', () => {
    expect(readCursor(owner, CURSOR)).toEqual(progress);
    expect(readCursor({ ...owner, stream: ['web'] }, CURSOR)).toEqual(progress);
    expect(CURSOR.length).toBeLessThan(MAX_CURSOR);
  });

  it('that was changed, cut or made up is refused, and never another error', () => {
    const changed = fc
      .tuple(fc.nat(CURSOR.length - 1), fc.constantFrom(...'AZaz09-_'))
      .map(([at, sign]) => CURSOR.slice(0, at) + sign + CURSOR.slice(at + 1));
    const made = fc.json().map((json) => Buffer.from(json).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(changed, made, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        try {
          const { from, to, after } = readCursor(owner, text);
          for (const ns of [from, to, after.timestamp]) expect(ns >= 0n && ns < 2n ** 63n).toBe(true);
        } catch (error) {
          expect((error as Problem).code).toBe('cursor_invalid');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
