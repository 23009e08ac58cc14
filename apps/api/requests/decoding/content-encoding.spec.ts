import { expect, it } from 'vitest';
import { contentEncodingOf } from './content-encoding.js';

it.each<[string | undefined, string | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  [' identity, zstd ', 'zstd'],
  ['deflate', 'deflate'],
  ['br', 'br'],
])('%j is %s', (header, encoding) => {
  expect(contentEncodingOf(header)).toBe(encoding);
});

it.each([
  ['gzip, gzip', 'more than one layer'],
  ['br,identity,zstd', 'more than one layer'],
  ['compress', 'gzip, deflate, br, zstd'],
  ['__proto__', 'known are'],
])('%s is refused', (header, detail) => {
  expect(() => contentEncodingOf(header)).toThrow(detail);
});
