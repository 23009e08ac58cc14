import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../support/seeded-random.js';
import { LARGEST_REQUEST, makeBody, pickRequestSize } from './oracle-bodies.js';
import { findMarker, makeLine, type LineKind } from './oracle-lines.js';

const plan = { run: 'r1', seed: 7, baseMs: Date.parse('2026-11-21T10:00:00Z') };
const lines = Array.from({ length: 3_000 }, (_, sequence) => makeLine(plan, { producer: 2, sequence }));

describe('oracle lines', () => {
  it('depend on seed, producer and sequence only', () => {
    expect(makeLine(plan, { producer: 2, sequence: 99 })).toEqual(lines[99]);
    const others = [makeLine({ ...plan, seed: 8 }, { producer: 2, sequence: 99 }), lines[98]];
    for (const other of others) expect(other?.bytes.equals(lines[99]?.bytes ?? Buffer.alloc(0))).toBe(false);
  });

  it('are good and bad in every way, each marked, each one line', () => {
    const kinds = new Set<LineKind>(lines.map((line) => line.kind));
    expect([...kinds].sort()).toEqual(['good', 'not_json', 'not_utf8', 'wrong_type']);
    lines.forEach((line, sequence) => {
      expect(findMarker(plan, line.bytes.toString('latin1'))).toEqual({ producer: 2, sequence });
      expect(line.bytes.includes(10)).toBe(false);
    });
  });

  it('are bad only where they say so', () => {
    for (const { kind, bytes, event } of lines) {
      if (kind === 'good') expect(JSON.parse(bytes.toString())).toEqual(event);
      if (kind === 'not_json') expect(() => JSON.parse(bytes.toString())).toThrow();
      if (kind === 'not_utf8') expect(Buffer.from(bytes.toString()).equals(bytes)).toBe(false);
    }
  });

  it('are dated today, yesterday, forty days ago, and not at all', () => {
    const days = new Set(lines.map((line) => String(line.event?.['timestamp'] ?? 'none').slice(0, 10)));
    expect([...days].sort()).toEqual(['2026-10-12', '2026-11-20', '2026-11-21', 'none']);
  });
});

describe('oracle bodies', () => {
  it('hold their lines in order, blank ones not counted', () => {
    const body = makeBody(plan, { producer: 2, first: 100, count: 400 }).toString('latin1');
    const texts = body.split('\n').map((line) => line.trimEnd());
    const markers = texts.filter((line) => line !== '').map((line) => findMarker(plan, line)?.sequence);
    expect(markers).toEqual(Array.from({ length: 400 }, (_, i) => 100 + i));
    expect(texts.slice(0, -1)).toContain('');
  });

  it('come in all sizes from one event to the largest request', () => {
    const random = createSeededRandom(3);
    const sizes = Array.from({ length: 2_000 }, () => pickRequestSize(random));
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBe(LARGEST_REQUEST);
  });
});
