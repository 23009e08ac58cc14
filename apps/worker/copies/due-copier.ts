import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Stored } from '#catalogue';
import { TierError } from '#plugin-kit';
import type { CopiesDue, DueCopy, StreamRegistry } from '#storage-tier';
import { pause } from '../writers/pause.js';
import type { BlockCopier } from './block-copier.js';

/** Between two looks at what is due: milliseconds. */
const LOOK_MS = 500;
/** Longest wait after failures: milliseconds. */
const LONGEST_WAIT_MS = 30_000;

export interface DueCopierParts {
  readonly due: Pick<CopiesDue, 'page' | 'done'>;
  readonly copier: Pick<BlockCopier, 'copy'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  /** Resolves when it is this process's turn. */
  readonly turn: Promise<void>;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
  readonly reach: (faultPoint: string) => void;
}

/** How far copies are behind, as the last look at them found. */
export interface Behind {
  readonly due: number;
  /** When the oldest came to be due: milliseconds since the epoch. Absent where none is. */
  readonly oldest?: number;
}

/**
 * Copies into the other store what is due, one after the other, beside all else that the process does: nobody waits for it but
 * those who ask the copy.
 */
export class DueCopier implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #ended = new AbortController();
  #failures = 0;
  #running: Promise<void> | undefined;
  #behind: Behind = { due: 0 };

  constructor(private readonly parts: DueCopierParts) {}

  onApplicationBootstrap(): void {
    void this.parts.turn.then(() => (this.#running = this.#untilEnded()));
  }

  async onApplicationShutdown(): Promise<void> {
    this.#ended.abort(new Error('The process is stopping.'));
    await this.#running;
  }

  get behind(): Behind {
    return this.#behind;
  }

  /** Copies all that is due once; what fails is left for the next time. */
  async run(): Promise<void> {
    let [left, oldest] = [0, Infinity];
    let failed = false;
    for (let after: string | undefined; ;) {
      const page = await this.parts.due.page(after);
      for (const [nth, due] of page.entries()) {
        this.#note(left + page.length - nth, Math.min(oldest, due.value.at));
        if (await this.#copied(due)) continue;
        failed = true;
        left += 1;
        oldest = Math.min(oldest, due.value.at);
      }
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    this.#note(left, oldest);
    this.#failures = failed ? this.#failures + 1 : 0;
  }

  async #untilEnded(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.run().catch((error: unknown) => this.#failed(error));
      await pause(Math.min(LONGEST_WAIT_MS, LOOK_MS * 2 ** this.#failures), signal).catch(() => undefined);
    }
  }

  /** @throws TierError where a store is out, which would be so for all others */
  async #copied(due: Stored<DueCopy>): Promise<boolean> {
    const { signal } = this.#ended;
    const { tenant, stream: name, from = 0, work } = due.value;
    if (from > this.parts.now()) return true;
    signal.throwIfAborted();
    try {
      const stream = await this.parts.streams.find(tenant, name);
      this.parts.reach('copies.before-copy');
      if (stream) await this.parts.copier.copy(stream, work, signal);
      this.parts.reach('copies.copied');
      await this.parts.due.done(due);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TierError && error.failure === 'unavailable') throw error;
      this.parts.logger.warn({ err: error, tenant, stream: name }, 'a copy is made later');
      return false;
    }
  }

  #failed(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#failures += 1;
    this.parts.logger.warn({ err: error }, 'copies of events in the other store are made later');
  }

  #note(due: number, oldest: number): void {
    this.#behind = { due, ...(oldest !== Infinity && { oldest }) };
  }
}
