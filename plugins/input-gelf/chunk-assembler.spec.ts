import { describe, expect, it } from 'vitest';
import { ChunkAssembler, isChunk } from './chunk-assembler.js';

const ID = 'abcdefgh';
const chunk = (number: number, count: number, text: string, id = ID): Buffer =>
  Buffer.concat([
    Buffer.from([0x1e, 0x0f]),
    Buffer.from(id),
    Buffer.from([number, count]),
    Buffer.from(text),
  ]);

function assembler(maxBytes = 1_000) {
  const clock = { ms: 0 };
  const chunks = new ChunkAssembler(maxBytes, () => clock.ms);
  const add = (datagram: Uint8Array, sender = 'a'): string => {
    const outcome = chunks.add(datagram, sender);
    if (outcome.kind === 'whole') return Buffer.from(outcome.payload).toString();
    return outcome.kind === 'waiting' ? '…' : outcome.reason;
  };
  return { chunks, clock, add };
}

describe('the chunks of a message', () => {
  it('are put together in whatever order they come', () => {
    const { add, chunks } = assembler();
    expect([add(chunk(2, 3, 'c')), add(chunk(0, 3, 'a')), add(chunk(1, 3, 'b'))]).toEqual(['…', '…', 'abc']);
    expect(chunks.size).toBe(0);
  });

  it('may be one', () => {
    expect(assembler().add(chunk(0, 1, 'a'))).toBe('a');
  });

  it('count once where one comes twice', () => {
    const { add } = assembler();
    expect([add(chunk(0, 2, 'a')), add(chunk(0, 2, 'x')), add(chunk(1, 2, 'b'))]).toEqual(['…', '…', 'ab']);
  });

  it('of two senders with the same id do not mix', () => {
    const { add } = assembler();
    expect([add(chunk(0, 2, 'a'), 'a'), add(chunk(1, 2, 'y'), 'b'), add(chunk(1, 2, 'b'), 'a')]).toEqual([
      '…',
      '…',
      'ab',
    ]);
  });

  it.each([
    ['a number beyond their count', chunk(2, 2, 'x')],
    ['more than 128', chunk(0, 129, 'x')],
    ['a count of none', chunk(0, 0, 'x')],
    ['nothing in one', chunk(0, 2, '')],
    ['a cut header', chunk(0, 2, '').subarray(0, 8)],
  ])('are invalid with %s', (_what, datagram) => {
    const { add, chunks } = assembler();
    expect(add(datagram)).toBe('chunk_invalid');
    expect(chunks.size).toBe(0);
  });

  it('are invalid where their count changes', () => {
    const { add } = assembler();
    expect([add(chunk(0, 2, 'a')), add(chunk(1, 3, 'b'))]).toEqual(['…', 'chunk_invalid']);
  });

  it('are forgotten after five seconds, the oldest first', () => {
    const { add, chunks, clock } = assembler();
    add(chunk(0, 2, 'a', '11111111'));
    clock.ms = 3_000;
    add(chunk(0, 2, 'a', '22222222'));
    clock.ms = 4_999;
    expect(chunks.expire()).toBe(0);
    clock.ms = 5_000;
    expect([chunks.expire(), chunks.size]).toEqual([1, 1]);
    expect(add(chunk(1, 2, 'b', '22222222'))).toBe('ab');
  });

  it('take no more memory than they may', () => {
    const { add, chunks, clock } = assembler(10);
    expect([add(chunk(0, 2, 'a'.repeat(8))), add(chunk(0, 2, 'b'.repeat(8), '22222222'))]).toEqual([
      '…',
      'chunks_full',
    ]);
    clock.ms = 5_000;
    chunks.expire();
    expect(add(chunk(0, 2, 'b'.repeat(8), '22222222'))).toBe('…');
  });

  it('are told by their magic bytes', () => {
    expect([isChunk(chunk(0, 1, 'x')), isChunk(Buffer.from('{}')), isChunk(Buffer.alloc(0))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
