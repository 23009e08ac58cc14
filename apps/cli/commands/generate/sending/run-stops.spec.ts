import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunStops } from './run-stops.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('stops in order at the first signal and at once at the second', () => {
  const signals = new EventEmitter();
  const stops = new RunStops(signals);
  signals.emit('SIGINT');
  expect([stops.soft.aborted, stops.hard.aborted]).toEqual([true, false]);
  signals.emit('SIGTERM');
  expect(stops.hard.aborted).toBe(true);
});

it('waits ten seconds for what is under way', () => {
  const stops = new RunStops(new EventEmitter());
  stops.stop();
  stops.stop();
  vi.advanceTimersByTime(9_900);
  expect(stops.hard.aborted).toBe(false);
  vi.advanceTimersByTime(200);
  expect(stops.hard.aborted).toBe(true);
});

it('leaves signals alone when it is released', () => {
  const signals = new EventEmitter();
  const stops = new RunStops(signals);
  stops.stop();
  stops.release();
  vi.advanceTimersByTime(20_000);
  expect([signals.listenerCount('SIGINT'), stops.hard.aborted]).toEqual([0, false]);
});
