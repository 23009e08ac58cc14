import { showBar, showBytes, showCount, showDuration } from '../../output/figures.js';
import { printable } from '../../output/printable.js';

const BAR_SIGNS = 20;

/** What a call of `send` has done so far, over all its files. */
export class Tally {
  /** Events that the server acknowledged in this call. */
  events = 0;
  /** Bytes of lines that were acknowledged in this call. */
  bytes = 0;
  requests = 0;
  /** Requests that were sent again. */
  retries = 0;
  /** Bytes of the files before the present one. */
  bytesOfFilesBefore = 0;
  /** Bytes of the present file, as they lie on disk, of which everything is settled. */
  bytesOfFile = 0;
  /** Of the bytes of all files, those that earlier calls sent: they tell nothing about how fast this one is. */
  bytesSentBefore = 0;
  /** Of what is being sent now. */
  name = '';
  /** Why nothing goes on, in words; empty where it does. */
  waiting = '';
  readonly #began: number;
  #ended: number | undefined;

  /** @param totalBytes of all files on disk; undefined where that can't be known. */
  constructor(
    private readonly totalBytes: number | undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.#began = now();
  }

  get elapsedMs(): number {
    return Math.max(1, (this.#ended ?? this.now()) - this.#began);
  }

  /** Everything is acknowledged: what comes now counts for no rate. */
  end(): void {
    this.#ended ??= this.now();
  }

  /** Events each second, over all the time. */
  get rate(): number {
    return (this.events * 1_000) / this.elapsedMs;
  }

  /** One line about it all, safe for a terminal. */
  render(): string {
    const done = this.bytesOfFilesBefore + this.bytesOfFile;
    const parts = [
      ...(this.totalBytes ? [`${showBar(done / this.totalBytes, BAR_SIGNS)} ${this.#percent(done)}`] : []),
      `${showCount(this.events)} events`,
      `${showCount(this.rate)}/s`,
      `${showBytes((this.bytes * 1_000) / this.elapsedMs)}/s`,
      ...(this.waiting === '' ? this.#left(done) : [printable(this.waiting)]),
    ];
    return `${printable(this.name)}  ${parts.join('  ')}`;
  }

  #percent(done: number): string {
    return `${Math.floor((100 * Math.min(done, this.totalBytes ?? 0)) / (this.totalBytes ?? 1))}%`;
  }

  #left(done: number): readonly string[] {
    const sent = done - this.bytesSentBefore;
    if (!this.totalBytes || this.events === 0 || sent <= 0) return [showDuration(this.elapsedMs)];
    const leftMs = (this.elapsedMs * Math.max(0, this.totalBytes - done)) / sent;
    return [`${showDuration(leftMs)} left`];
  }
}
