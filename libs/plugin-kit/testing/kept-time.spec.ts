import { expect, it } from 'vitest';
import { msOverLimit } from './kept-time.js';

/** Runs that take what is said, the last of them for ever on, by a clock that each look at puts forward. */
function judge(durations: readonly number[], { limitMs = 250, lookMs = 0 } = {}) {
  let [now, runs] = [0, 0];
  const run = (): void => {
    now += durations[Math.min(runs, durations.length - 1)] ?? 0;
    runs += 1;
  };
  const found = msOverLimit(run, limitMs, () => (now += lookMs));
  return { found, runs };
}

it('one run that is short enough is enough', () => {
  expect(judge([249])).toEqual({ found: undefined, runs: 1 });
  expect(judge([900, 300, 249])).toEqual({ found: undefined, runs: 3 });
});

it('what takes too long each time is found, with its shortest time', () => {
  expect(judge([400, 300, 350])).toEqual({ found: 300, runs: 8 });
});

it('what takes very long is not tried again and again', () => {
  expect(judge([6_000])).toEqual({ found: 6_000, runs: 1 });
});

it('the limit is stretched where reading a MiB is stretched as much', () => {
  expect(judge([300], { lookMs: 16 })).toEqual({ found: undefined, runs: 1 });
  expect(judge([600], { lookMs: 16 })).toMatchObject({ found: 616 });
});
