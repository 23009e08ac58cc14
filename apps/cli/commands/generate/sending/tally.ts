import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** What became of the events of a run, or of one second of it. */
export interface Counts {
  readonly acknowledged: number;
  readonly requests: number;
  readonly bytes: number;
  /** Refusals by status and code, such as `429 backlog_full`; each was sent again or ended the run. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Milliseconds from sending a request to its acknowledgement; undefined where there was none. */
export interface Latency {
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

/** Microseconds in a millisecond: the histogram counts whole numbers. */
const MICROSECONDS = 1_000;
/** The longest that is told apart: an hour. */
const LONGEST_US = 3_600 * 1_000 * MICROSECONDS;

/** Counts what a run was answered. Its size doesn't grow with the run. */
export class Tally {
  #counts = { acknowledged: 0, requests: 0, bytes: 0 };
  #refused: Record<string, number> = {};
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 3 });
  /** Events of requests that were refused and not sent again since the run ended: never stored. */
  givenUp = 0;
  /** Events of requests whose answer never came, or said that it isn't known: stored once or not at all. */
  unknown = 0;

  /** A request was acknowledged after `ms` milliseconds. */
  acknowledge(events: number, bytes: number, ms: number): void {
    this.#counts.acknowledged += events;
    this.#counts.requests += 1;
    this.#counts.bytes += bytes;
    this.#histogram.record(Math.min(LONGEST_US, Math.max(1, Math.round(ms * MICROSECONDS))));
  }

  /** A request was refused; `code` such as `429 backlog_full`. */
  refuse(code: string): void {
    this.#refused[code] = (this.#refused[code] ?? 0) + 1;
  }

  counts(): Counts {
    return { ...this.#counts, refused: { ...this.#refused } };
  }

  latency(): Latency {
    if (this.#histogram.count === 0) return { p50: undefined, p99: undefined, max: undefined };
    const ms = (us: number): number => us / MICROSECONDS;
    return {
      p50: ms(this.#histogram.percentile(50)),
      p99: ms(this.#histogram.percentile(99)),
      max: ms(this.#histogram.max),
    };
  }

  /** Begins anew. */
  reset(): void {
    this.#counts = { acknowledged: 0, requests: 0, bytes: 0 };
    this.#refused = {};
    this.#histogram.reset();
  }
}
