import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETECTORS, type DetectorName } from '../rule.js';
import { Detectors } from './find-secrets.js';

const all = new Detectors(DETECTORS);
const found = (text: string, detectors = all): string[] => {
  const bytes = Buffer.from(text);
  return detectors
    .find(bytes, 0, bytes.length)
    .map(({ kind, from, to }) => `${kind} ${bytes.subarray(from, to).toString()}`);
};

/** How often a byte of the text is looked at. */
function readsOf(text: string): number {
  const bytes = Buffer.from(text);
  let reads = 0;
  const watched = new Proxy(bytes, {
    get: (target, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name, target) as unknown;
    },
  });
  all.find(watched, 0, bytes.length);
  return reads;
}
const JWT = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxIn0'}.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`;

describe('secrets in bytes', () => {
  it.each([
    ['paid with 4111 1111 1111 1111 today', ['card 4111 1111 1111 1111']],
    ['pan=5500-0000-0000-0004,', ['card 5500-0000-0000-0004']],
    ['"card":"378282246310005"', ['card 378282246310005']],
    ['card4111111111111111', ['card 4111111111111111']],
    ['6304 0000 0000 0000', ['card 6304 0000 0000 0000']],
    ['order 12 4222222222222 2026', ['card 4222222222222']],
    ['4111 1111 1111 1111 2026', ['card 4111 1111 1111 1111']],
    ["mail bob.o'neil+x@mail.example.co.uk.", ["email bob.o'neil+x@mail.example.co.uk"]],
    ['<ann@example.com>', ['email ann@example.com']],
    ['?user=ann%40example.com&x', ['email ann%40example.com']],
    ['jürgen@exämple.com', ['email jürgen@exämple.com']],
    ['a@b.com,c@d.org', ['email a@b.com', 'email c@d.org']],
    ['Authorization: Bearer abcdef0123456789.', ['token abcdef0123456789']],
    ['authorization: BASIC dXNlcjpwYXNzd29yZA==', ['token dXNlcjpwYXNzd29yZA==']],
    [`jwt ${JWT}!`, [`token ${JWT}`]],
    ['key ghp_0123456789abcdefghij0123456789abcdef', ['token ghp_0123456789abcdefghij0123456789abcdef']],
    ['AKIAIOSFODNN7EXAMPLE', ['token AKIAIOSFODNN7EXAMPLE']],
    ['from 10.0.0.1:8080', ['address 10.0.0.1']],
    ['from 192.168.1.255.', ['address 192.168.1.255']],
    ['[2001:db8::1]:443', ['address 2001:db8::1']],
    ['to ::ffff:10.0.0.1 via fe80::1', ['address ::ffff:10.0.0.1', 'address fe80::1']],
    ['::1', ['address ::1']],
    ['source:fe80::aa:1,', ['address fe80::aa:1']],
  ])('are found in %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    '4111 1111 1111 1112',
    '1795239970000',
    '1795239970000000000',
    '0.4111111111111111',
    'trace 4b4111111111111111d0a7b3c2d1e0f9',
    '41111111111111110000000000',
    '550e8400-e29b-41d4-a716-446655440000',
    'user@localhost',
    '@decorator',
    'a@b.c1',
    'a @ b.com',
    'bearer of bad news',
    'sk-short',
    'mask-0123456789012345678901234567',
    'v1.2.3.4.5',
    '1.2.3',
    '256.1.1.1',
    '12:34:56',
    '2026-11-21T12:34:56.789Z',
    '00:11:22:33:44:55',
    'std::vector<int>',
    'a: : c :: d',
  ])('are not seen in %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('are only of the kinds that are looked for', () => {
    const text = '4111111111111111 a@b.com 10.0.0.1 AKIAIOSFODNN7EXAMPLE ::1';
    const kinds = (name: DetectorName) => found(text, new Detectors([name])).map((one) => one.split(' ')[0]);
    expect(DETECTORS.map(kinds)).toEqual([['card'], ['email'], ['token'], ['address', 'address']]);
    expect(found(text, new Detectors([]))).toEqual([]);
  });

  it('never overlap, lie within their bounds, and are told of beforehand', () => {
    const part = fc.constantFrom(
      '4111',
      ' ',
      '-',
      '1111',
      '@',
      '.',
      'a',
      ':',
      '::',
      'eyJ',
      '%40',
      '"',
      '9',
      'Bearer ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.nat(20), fc.nat(20), (parts, left, right) => {
        const bytes = Buffer.from(parts.join(''));
        const [from, to] = [Math.min(left, bytes.length), Math.max(bytes.length - right, 0)];
        const spans = all.find(bytes, from, to);
        spans.forEach((span, at) => {
          expect(span.from).toBeGreaterThanOrEqual(at === 0 ? from : (spans[at - 1]?.to ?? 0));
          expect(span.to).toBeGreaterThan(span.from);
          expect(span.to).toBeLessThanOrEqual(to);
        });
        if (from === 0 && to === bytes.length) expect(all.finds(bytes)).toBe(spans.length > 0);
      }),
    );
  });

  it.each(['4', '4 ', '4-', 'a@', '@a.', 'a.', '1.', ':', 'a:', 'eyJ', 'Bearer ', '%40', 'x@x-', '"'])(
    'take reads in line with the length of %j again and again',
    (piece) => {
      const [once, twice] = [2_000, 4_000].map((length) => readsOf(piece.repeat(length / piece.length)));
      expect(twice).toBeLessThanOrEqual(2.2 * (once ?? 0));
    },
  );
});
