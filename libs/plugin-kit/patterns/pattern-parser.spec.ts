import { expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { captureReader } from './captured-value.js';
import { compilePattern } from './linear-pattern.js';
import { longestText, makePatternParser } from './pattern-parser.js';

const CONTEXT = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };

it.each([
  [[1], 65_536],
  [[61], 65_536],
  [[400], 10_000],
  [[4_000], 1_000],
  [[100, 100], 40_000],
  [Array.from({ length: 20 }, () => 400), 2_000],
])('patterns of sizes %j read texts of %d characters', (sizes, characters) => {
  expect(longestText(sizes)).toBe(Math.min(65_536, characters));
});

it('a line is read as far as its patterns may, by characters', () => {
  const pattern = compilePattern('^(.)');
  const field = { name: 'first', type: 'text', read: captureReader('text'), isSingle: false } as const;
  const { parse, sniff } = makePatternParser({
    patterns: [{ pattern, fields: [field] }],
    set: {},
    auto: 0.5,
  });
  const lines = ['\u00e9'.repeat(65_536), 'a'.repeat(65_537), '\u00e9'.repeat(200_000)].map((text) =>
    Buffer.from(text),
  );
  expect(parse(lines, CONTEXT)).toMatchObject([
    { kind: 'event', event: { first: '\u00e9' } },
    { kind: 'refused', reason: 'line_too_long' },
    { kind: 'refused', reason: 'line_too_long' },
  ]);
  expect(lines.map(sniff)).toEqual([0.5, 0, 0]);
  expect(parse([Uint8Array.of(0xff, 0x61)], CONTEXT)).toMatchObject([
    { event: { first: '\ufffd', message: '\ufffda' } },
  ]);
});
