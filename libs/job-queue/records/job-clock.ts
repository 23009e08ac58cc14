/** Where the queue has its time from; tests bring their own. */
export interface JobClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds; the function returned takes it back. */
  after(ms: number, call: () => void): () => void;
}

/** Node's timers can't wait longer than 2^31 ms, so a longer wait is cut and looked at again. */
const LONGEST_WAIT_MS = 3_600_000;

/** The machine's clock. Its timers don't keep the process alive. */
export const SYSTEM_CLOCK: JobClock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, LONGEST_WAIT_MS)).unref();
    return () => clearTimeout(timer);
  },
};
