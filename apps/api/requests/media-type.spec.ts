import { expect, it } from 'vitest';
import { mediaTypeOf } from './media-type.js';

it.each<[string, string, string | undefined]>([
  ['application/json', 'application/json', undefined],
  ['Text/Plain;charset=UTF-8', 'text/plain', 'utf-8'],
  ['text/plain; format=flowed; charset="us-ascii" ', 'text/plain', 'us-ascii'],
  ['text/plain; charset=', 'text/plain', undefined],
  [';', '', undefined],
  ['', '', undefined],
])('%j', (header, type, charset) => {
  expect(mediaTypeOf(header)).toEqual({ type, charset });
  expect(mediaTypeOf(header)).toBe(mediaTypeOf(header));
});

it('remembers no more than some of the headers that are made up', () => {
  for (let n = 0; n < 1_000; n += 1) expect(mediaTypeOf(`a/b${n}`).type).toBe(`a/b${n}`);
  expect(mediaTypeOf('a/b999')).not.toBe(mediaTypeOf('a/b999'));
});
