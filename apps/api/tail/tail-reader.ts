import { problemOf } from '../problems/problem-of.js';
import type { Problem } from '../problems/problem.js';
import { TailQueue, type TailMessage } from './tail-queue.js';

/** How long what waits for a reader may take to reach it once the tail has ended: milliseconds. */
const END_GRACE_MS = 5_000;

export interface TailReaderParts {
  /** Bytes that may wait for the reader. */
  readonly limitBytes: number;
  /** Why the reader's key may not follow any more; undefined while it may. */
  readonly checkKey: () => Promise<Problem | undefined>;
  /** Called with each message that the reader takes. */
  readonly told: (message: TailMessage) => void;
  /** Called once, however the tail ends. */
  readonly left: () => void;
}

/** One who follows events. */
export class TailReader {
  readonly queue: TailQueue;
  /** Breaks the reader's connection; set by whoever sends on it. */
  cut: () => void = () => undefined;
  #left = false;

  constructor(private readonly parts: TailReaderParts) {
    this.queue = new TailQueue(parts.limitBytes);
  }

  /** The messages until the tail ends, by whichever side; to be read once. */
  async *messages(): AsyncGenerator<TailMessage> {
    for await (const message of this.queue.messages()) {
      this.parts.told(message);
      yield message;
    }
  }

  /** Ends the tail where its key was revoked or has expired meanwhile. */
  async verify(): Promise<void> {
    // Where keys can't be read for a moment, the next time decides.
    const problem = await this.parts.checkKey().catch(() => undefined);
    if (problem) this.end(problem);
  }

  /** Ends the tail; what waits for the reader is still given to it, for some seconds. Idempotent. */
  end(error?: unknown): void {
    this.queue.end(error === undefined ? undefined : problemOf(error));
    if (this.#left) return;
    this.#left = true;
    // One who doesn't read must not hold up the end of the process, nor go on with a key that was revoked.
    setTimeout(() => this.cut(), END_GRACE_MS).unref();
    this.parts.left();
  }
}
