import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settleLine } from './settle-line.js';

const events = fc.nat(50);

describe('a line of the ledger', () => {
  it.each([
    ['all stored', [10, 10, 0, 10], [10, 0, 0]],
    ['one lost', [10, 10, 0, 9], [10, 0, 1]],
    ['some waiting', [10, 10, 4, 6], [10, 4, 0]],
    ['stored and about to be committed', [10, 10, 4, 10], [10, 0, 0]],
    ['more came in while reading', [10, 15, 0, 15], [15, 0, 0]],
    ['stored twice', [10, 10, 0, 12], [10, 0, -2]],
    ['lost while others wait', [10, 10, 4, 5], [10, 4, 1]],
  ])('%s', (_, [received = 0, receivedLater = 0, pending = 0, accounted = 0], expected) => {
    const settled = settleLine({ received, receivedLater, pending, accounted });
    expect([settled.received, settled.pending, settled.residue]).toEqual(expected);
  });

  it('always adds up, and never shows a loss or a surplus where events only move on while it is read', () => {
    fc.assert(
      fc.property(events, events, events, events, (stored, waiting, movedOn, arriving) => {
        const moved = Math.min(movedOn, waiting + arriving);
        const received = stored + waiting;
        const accounted = stored + moved;
        const settled = settleLine({
          received,
          receivedLater: received + arriving,
          pending: waiting,
          accounted,
        });
        expect(settled.residue).toBe(0);
        expect(settled.received).toBe(accounted + settled.pending);
        expect(settled.pending).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
