import { expect, it } from 'vitest';
import { partsOf, visible } from './visible-text.js';

it.each([
  ['plain', 'plain'],
  ['grüße, 世界, שלום 👩‍💻', 'grüße, 世界, שלום 👩‍💻'],
  ['a\r\n\tb', 'a\\r\\n\\tb'],
  ['\u001b[31mred\u001b[0m', '\\e[31mred\\e[0m'],
  ['nul\u0000 del\u007f c1\u009b', 'nul\\u0000 del\\u007f c1\\u009b'],
  ['evil\u202egpj.exe\u2066x\u2069', 'evil\\u202egpj.exe\\u2066x\\u2069'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['\ud800 and \udc00', '\\ud800 and \\udc00'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['', ''],
])('%j is seen as %j', (text, seen) => {
  expect(visible(text)).toBe(seen);
});

it('marks what stands for another character', () => {
  expect(partsOf('a\u0007b')).toEqual([
    { text: 'a', escaped: false },
    { text: '\\u0007', escaped: true },
    { text: 'b', escaped: false },
  ]);
});
