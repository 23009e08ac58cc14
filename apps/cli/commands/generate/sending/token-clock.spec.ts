import { describe, expect, it } from 'vitest';
import { TokenClock, type Pace, type Timer } from './token-clock.js';

/** Time that passes when somebody waits, or when the test says so. */
class FakeTimer implements Timer {
  ms = 5_000;
  readonly now = (): number => this.ms;
  readonly sleep = (ms: number): Promise<void> => {
    this.ms += ms;
    return Promise.resolve();
  };
}

const { signal } = new AbortController();

/** Takes until nothing is left; `work` is what happens between. */
async function takeAll(
  pace: Pace,
  { size = 100, work }: { size?: number; work?: (timer: FakeTimer) => void } = {},
) {
  const timer = new FakeTimer();
  const clock = new TokenClock(pace, timer);
  const taken: { readonly atMs: number; readonly events: number }[] = [];
  for (;;) {
    const events = await clock.take(size, signal);
    if (events === 0) break;
    taken.push({ atMs: timer.ms - 5_000, events });
    work?.(timer);
  }
  const total = taken.reduce((sum, { events }) => sum + events, 0);
  return { taken, total, skipped: clock.skipped, elapsedMs: timer.ms - 5_000 };
}

/** Most events within any second. */
function mostInASecond(taken: readonly { readonly atMs: number; readonly events: number }[]): number {
  const sums = taken.map(({ atMs: from }) =>
    taken
      .filter(({ atMs }) => atMs >= from && atMs < from + 1_000)
      .reduce((sum, { events }) => sum + events, 0),
  );
  return Math.max(...sums);
}

describe('a pace', () => {
  it.each([
    [{ rate: 1_000, durationMs: 10_000 }, 10_000],
    [{ rate: 7, durationMs: 10_000 }, 70],
    [{ rate: 0.5, durationMs: 10_000 }, 5],
    [{ rate: 333.3, durationMs: 60_000 }, 19_998],
    [{ rate: 50, events: 1_234 }, 1_234],
    [{ rate: 1_000, durationMs: 60_000, events: 77 }, 77],
  ])('of %j gives %d events', async (pace, events) => {
    expect(await takeAll(pace)).toMatchObject({ total: events, skipped: 0 });
  });

  it('does not drift, however long each request takes', async () => {
    const work = (timer: FakeTimer): void => void (timer.ms += 37.3);
    const { taken, elapsedMs } = await takeAll({ rate: 1_000, durationMs: 600_000 }, { work });
    expect(elapsedMs).toBeLessThan(600_040);
    for (const [number, { atMs }] of taken.entries()) expect(Math.abs(atMs - number * 100)).toBeLessThan(40);
    expect(mostInASecond(taken)).toBeLessThanOrEqual(1_100);
  });

  it('catches up with a second of what was held up, and says what it skipped', async () => {
    let held = false;
    const work = (timer: FakeTimer): void => {
      if (!held && timer.ms > 7_000) {
        timer.ms += 5_000;
        held = true;
      }
    };
    const { total, taken, skipped } = await takeAll({ rate: 1_000, durationMs: 20_000 }, { work });
    expect(Math.abs(skipped - 4_000)).toBeLessThanOrEqual(200);
    expect(total + skipped).toBe(20_000);
    expect(mostInASecond(taken)).toBeLessThanOrEqual(2_100);
  });

  it('skips no more than was due when it is held up past its end', async () => {
    const work = (timer: FakeTimer): void => void (timer.ms += 60_000);
    const { total, skipped } = await takeAll({ rate: 100, durationMs: 10_000 }, { work });
    expect([total, skipped]).toEqual([100, 900]);
  });

  it('without a rate gives at once until the time is over, or the events', async () => {
    const work = (timer: FakeTimer): void => void (timer.ms += 10);
    expect(await takeAll({ rate: undefined, durationMs: 1_000 }, { work })).toMatchObject({ total: 10_000 });
    expect(await takeAll({ rate: undefined, events: 250 })).toMatchObject({ total: 250, elapsedMs: 0 });
  });

  it('gives nothing more once it is stopped, also while it waits', async () => {
    const stop = new AbortController();
    const clock = new TokenClock(
      { rate: 1 },
      {
        now: () => 0,
        sleep: () => {
          stop.abort();
          return Promise.resolve();
        },
      },
    );
    expect(await clock.take(1, stop.signal)).toBe(1);
    expect(await clock.take(1, stop.signal)).toBe(0);
    expect(await clock.take(1, stop.signal)).toBe(0);
  });
});
