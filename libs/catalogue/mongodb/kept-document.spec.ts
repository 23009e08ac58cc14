import { expect, it } from 'vitest';
import { idOf, keyOf, keysIn } from './kept-document.js';

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const within = (id: string, prefix: string): boolean => {
  const { $gte, $lt } = keysIn('c', { prefix });
  const key = keyOf('c', id);
  return bytes(key, $gte) >= 0 && bytes(key, $lt) < 0;
};

it('a range of keys ends behind the last one that begins so, in the order of bytes', () => {
  for (const prefix of ['', 'a', 'a\u{10ffff}', '\u{10ffff}\u{10ffff}', '\ud7ff', '\u007f', '\uffff']) {
    for (const end of ['', '0', '\u{10ffff}', '\u{10ffff}\u{10ffff}'])
      expect(within(prefix + end, prefix)).toBe(true);
    if (prefix !== '') expect(within(prefix.slice(0, -1), prefix)).toBe(false);
  }
  expect(within('\ue000', '\ud7ff')).toBe(false);
  expect(within('b', 'a\u{10ffff}')).toBe(false);
  expect(bytes(keyOf('c\u0001', ''), keysIn('c', {}).$lt)).toBeGreaterThanOrEqual(0);
});

it('an id comes back from its key', () => {
  expect(idOf(keyOf('c', 'a/1'))).toBe('a/1');
});
