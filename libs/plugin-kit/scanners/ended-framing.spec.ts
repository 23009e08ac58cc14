import { describe, expect, it } from 'vitest';
import { LineFramer, type Frame } from '#plugin-kit';

const shown = ({ bytes, fault }: Frame): string =>
  `${Buffer.from(bytes).toString('latin1')}${fault === undefined ? '' : ` !${fault}`}`;

function read(chunks: readonly string[]): string[] {
  const framer = new LineFramer(8);
  const frames = chunks.flatMap((chunk) => framer.push(Buffer.from(chunk, 'latin1')).map(shown));
  return [...frames, ...framer.finish().map(shown)];
}

describe('lines of a stream', () => {
  it.each([
    ['end in LF', 'a\nb\n', ['a', 'b']],
    ['end in CR LF', 'a\r\nb\r\n', ['a', 'b']],
    ['keep a CR within', 'a\rb\n', ['a\rb']],
    ['are left out where they are empty', '\n\r\na\n\n', ['a']],
    ['are cut where they are too long', '123456789\nb\n', ['12345678 !too_long', 'b']],
    ['may lack the last end', 'a\nb', ['a', 'b !unterminated']],
  ])('%s', (_what, stream, expected) => {
    expect(read([stream])).toEqual(expected);
    expect(read([...stream])).toEqual(expected);
  });
});
