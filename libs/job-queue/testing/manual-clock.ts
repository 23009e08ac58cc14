import type { JobClock } from '../records/job-clock.js';

/** A clock that stands still until a test moves it. */
export class ManualClock implements JobClock {
  private timers: { readonly at: number; readonly call: () => void }[] = [];
  private time = Date.parse('2026-01-02T03:04:05Z');

  now(): number {
    return this.time;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.time + ms, call };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((each) => each !== timer));
  }

  /** Moves the time on and calls what fell due. */
  advance(ms: number): void {
    this.time += ms;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { call } of due) call();
  }
}
