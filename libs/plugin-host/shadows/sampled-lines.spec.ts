import { describe, expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import type { Block } from '#event-model';
import { sampleLines } from './sampled-lines.js';

const textBlock = (lines: readonly string[], parser?: string): Block =>
  makeBlock(lines, { format: 'lines', ...(parser !== undefined && { parser }) });
const parsedOf = (block: Block, answers: readonly string[]): Block => ({
  ...block,
  body: Buffer.from(answers.map((answer) => `${answer}\n`).join('')),
});
const take = (block: Block, answers: readonly string[], perMille = 1_000, random = (): number => 0.5) =>
  sampleLines(block, parsedOf(block, answers), { parser: 'p', perMille, random }).map(({ line, active }) => [
    line.toString(),
    active,
  ]);

describe('of a block are taken', () => {
  it('all lines with their answers, where it names the parser', () => {
    expect(take(textBlock(['a', 'b'], 'p'), ['{"n":1}', '\u0001no'])).toEqual([
      ['a', '{"n":1}'],
      ['b', '\u0001no'],
    ]);
  });

  it('those that the parser took or nobody knew, where auto chose', () => {
    const answers = ['{"parser":"p"}', '{"parser":"other"}', '{"message":"c","parse_status":"none"}'];
    expect(take(textBlock(['a', 'b', 'c']), answers).map(([line]) => line)).toEqual(['a', 'c']);
    expect(take(textBlock(['a', 'b', 'c'], 'auto'), answers)).toHaveLength(2);
  });

  it('as many of a thousand as are asked for, 250 at most', () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => `line ${n}`);
    let at = 0;
    const evenly = (): number => (at++ % 1_000) / 1_000;
    expect(take(textBlock(lines, 'p'), lines, 100, evenly)).toHaveLength(100);
    expect(take(textBlock(lines, 'p'), lines)).toHaveLength(250);
    const long = Array.from({ length: 5 }, () => 'x'.repeat(100_000));
    expect(take(textBlock(long, 'p'), long)).toHaveLength(2);
  });

  it('copies, which stay as they are', () => {
    const block = textBlock(['abc'], 'p');
    const [one] = sampleLines(block, parsedOf(block, ['{}']), {
      parser: 'p',
      perMille: 1_000,
      random: () => 0,
    });
    Buffer.from(block.body.buffer, block.body.byteOffset, block.body.byteLength).fill(0x78);
    expect(one?.line.toString()).toBe('abc');
  });
});
