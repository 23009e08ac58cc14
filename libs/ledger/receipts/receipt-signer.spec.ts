import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlockIdGenerator, type BlockId } from '#event-model';
import { ReceiptSigner } from './receipt-signer.js';

const signer = new ReceiptSigner(Buffer.alloc(32, 7));
const first = createBlockIdGenerator()();
const bearer = { tenant: 'acme', keyId: 'k3y4bcde', stream: 'web' };
const placement = { first, blocks: 1, firstRow: 3, lastRow: 9 };

const hex = fc.stringMatching(/^[0-9a-f]{32}$/).map((text) => text as BlockId);
const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const anyPlacement = fc
  .record({
    first: hex,
    blocks: fc.integer({ min: 1, max: 65_536 }),
    firstRow: fc.nat(),
    rows: fc.nat(5_000),
  })
  .map(({ rows, ...rest }) => ({ ...rest, lastRow: rest.firstRow + rows }));
const anyBearer = fc.record({ tenant: name, keyId: fc.stringMatching(/^[a-z0-9]{8,32}$/), stream: name });

describe('a receipt', () => {
  it('is read back as it was made out, needs no escaping and stays below 200 characters', () => {
    fc.assert(
      fc.property(anyPlacement, anyBearer, (where, who) => {
        const text = signer.sign(where, who);
        expect(text.length).toBeLessThan(200);
        expect(encodeURIComponent(text).replaceAll('%2B', '+')).toBe(text);
        const { tenant, ...owner } = who;
        expect(signer.verify(text, tenant)).toEqual({ ...where, ...owner });
      }),
    );
  });

  it('names the block and its rows in the open', () => {
    expect(signer.sign(placement, bearer).startsWith(`${first}.3-9.web.k3y4bcde.`)).toBe(true);
    expect(signer.sign({ ...placement, blocks: 4 }, bearer).startsWith(`${first}+4.3-9.`)).toBe(true);
  });

  it('says what policies dropped, and is no longer than a path takes', () => {
    const policies = Array.from({ length: 8 }, (_, n) => [`${'p'.repeat(23)}${n}`, 99_999_999] as const);
    const dropped = Object.fromEntries(policies);
    const where = { ...placement, blocks: 65_536, firstRow: 0, lastRow: 2_000_000_000, dropped };
    const who = { tenant: 'acme', keyId: 'k'.repeat(50), stream: 's'.repeat(63) };
    const text = signer.sign(where, who);
    expect(text.length).toBeLessThan(500);
    expect(signer.verify(text, 'acme')).toEqual({ ...where, keyId: who.keyId, stream: who.stream });
    for (const wrong of [{}, { p: 0 }, { p: 8 }, { 'p.q': 1 }, { 'p~': 1 }])
      expect(() => signer.sign({ ...placement, dropped: wrong }, bearer)).toThrow('could not be read back');
  });

  it('is refused once a single character is other', () => {
    const text = signer.sign({ ...placement, blocks: 12 }, bearer);
    const other = (at: number) => text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);
    for (let at = 0; at < text.length; at += 1) expect(signer.verify(other(at), 'acme')).toBeUndefined();
  });

  it('is refused with anything before, behind or left out', () => {
    const text = signer.sign(placement, bearer);
    for (const wrong of [` ${text}`, `${text}=`, `${text}.`, `${text}A`, text.slice(0, -1), text.slice(1)])
      expect(signer.verify(wrong, 'acme')).toBeUndefined();
  });

  it('of another tenant or another installation is refused', () => {
    const text = signer.sign(placement, bearer);
    expect(signer.verify(text, 'rival')).toBeUndefined();
    expect(new ReceiptSigner(Buffer.alloc(32, 8)).verify(text, 'acme')).toBeUndefined();
  });

  it('is not found in garbage', () => {
    fc.assert(fc.property(fc.string(), (text) => signer.verify(text, 'acme') === undefined));
    expect(signer.verify('.'.repeat(100_000), 'acme')).toBeUndefined();
  });

  it('that could not be read back is not made out', () => {
    for (const wrong of [{ lastRow: 2 }, { blocks: 0 }, { blocks: 65_537 }, { firstRow: -1 }])
      expect(() => signer.sign({ ...placement, ...wrong }, bearer)).toThrow('could not be read back');
    expect(() => signer.sign(placement, { ...bearer, keyId: 'a.b' })).toThrow('receipt');
  });
});
