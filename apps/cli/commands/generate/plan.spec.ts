import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../cli-error.js';
import { MODE_NAMES } from './modes.js';
import { makePlan, readCount, readDuration, readRate, readTime } from './plan.js';

const NOW = Date.UTC(2026, 10, 20, 8);

describe('a plan', () => {
  it.each(MODE_NAMES)('of mode %s ends by itself', (mode) => {
    const { pace, connections } = makePlan({ mode });
    expect(Math.min(pace.events ?? Infinity, pace.durationMs ?? Infinity)).toBeLessThan(Infinity);
    expect(connections).toBeGreaterThan(0);
  });

  it('takes the options before what the mode has', () => {
    const plan = makePlan({
      mode: 'sustained',
      rate: 5,
      events: 10,
      connections: 3,
      seed: 's',
      stream: 'here',
      categories: 'mine.yaml',
    });
    expect(plan).toMatchObject({
      pace: { rate: 5, durationMs: undefined, events: 10 },
      connections: 3,
      seed: 's',
      stream: 'here',
      ownStreams: false,
      categories: 'mine.yaml',
    });
  });

  it('has another seed each time, and says which', () => {
    const seeds = Array.from({ length: 20 }, () => makePlan({ mode: 'quick' }).seed);
    expect(new Set(seeds).size).toBeGreaterThan(15);
  });

  it('spreads quick events over the last hour', () => {
    const { clock } = makePlan({ mode: 'quick', events: 60 }, () => NOW);
    expect([clock(0), clock(30), clock(59)].map((ms) => (ms - NOW) / 60_000)).toEqual([-60, -30, -1]);
  });

  it('has times from a given start on, by the rate', () => {
    const { clock } = makePlan({ mode: 'sustained', rate: 10, startTime: NOW });
    expect([clock(0), clock(25)]).toEqual([NOW, NOW + 2_500]);
    expect(makePlan({ mode: 'load-test', startTime: NOW }).clock(7)).toBe(NOW + 7);
  });

  it.each([
    [{ mode: 'multi', stream: 'one' } as const, '--stream and --mode multi do not go together'],
    [{ mode: 'quick', stream: 'no such/name' } as const, 'can not be the name of a stream'],
  ])('refuses %j', (options, message) => {
    expect(() => makePlan(options)).toThrow(UsageError);
    expect(() => makePlan(options)).toThrow(message);
  });
});

describe('options', () => {
  it('are read', () => {
    expect([readRate('5000'), readRate('0.5')]).toEqual([5_000, 0.5]);
    expect(['500ms', '30s', '10m', '1.5h', '1d'].map(readDuration)).toEqual([
      500, 30_000, 600_000, 5_400_000, 86_400_000,
    ]);
    expect(readCount(10)('10')).toBe(10);
    expect(readTime('2026-11-20T08:00:00Z')).toBe(NOW);
  });

  it.each([
    ...['0', '-1', '5k', '', '1e9'].map((text) => [() => readRate(text)] as const),
    ...['10', '5 minutes', '0s', '-1s', ''].map((text) => [() => readDuration(text)] as const),
    ...['0', '11', '1.5', 'x'].map((text) => [() => readCount(10)(text)] as const),
    ...['yesterday', '5', '2026-13-01'].map((text) => [() => readTime(text)] as const),
  ])('are refused where they can not be meant (%#)', (read) => {
    expect(read).toThrow(InvalidArgumentError);
  });
});
