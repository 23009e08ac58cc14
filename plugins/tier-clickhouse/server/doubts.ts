import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TierError } from '#plugin-kit';
import { engineCode } from '../engine/error-codes.js';
import type { ServerClient } from './server-client.js';

/** A session answers so while a statement of it is at work. */
export const SESSION_IS_LOCKED = 373;
const LONGEST_MS = 30_000;
const AGAIN_MS = 10;

/** Statements that change something, whose end nobody heard of. */
export interface Doubt {
  /** The beginning of their ids. */
  readonly queryId: string;
  /** What they read lies in this session, and this statement takes it away: none of them can begin any more. */
  readonly withdrawal?: { readonly session: string; readonly statement: string };
}

/**
 * Statements that may be at work still, or may even be about to begin, although their answer was lost. Before anybody looks
 * at what they did, each must have ended for certain: else its rows could come after a read-back that missed them,
 * and be stored twice.
 */
export class Doubts {
  readonly #open = new Set<Doubt>();
  #settling: Promise<void> | undefined;

  constructor(private readonly client: ServerClient) {}

  add(doubt: Doubt): void {
    this.#open.add(doubt);
  }

  /**
   * Resolves when none of them is at work any more. Those that came meanwhile are waited for too.
   *
   * @throws TierError `unavailable` where one doesn't end; whatever the way to the server fails with
   */
  async settle(): Promise<void> {
    while (this.#open.size > 0) {
      this.#settling ??= this.#settleAll().finally(() => (this.#settling = undefined));
      await this.#settling;
    }
  }

  async #settleAll(): Promise<void> {
    for (const doubt of this.#open) {
      await this.#end(doubt);
      this.#open.delete(doubt);
    }
  }

  async #end(doubt: Doubt): Promise<void> {
    for (const until = Date.now() + LONGEST_MS; ;) {
      if (await this.#hasEnded(doubt)) return;
      await this.client.kill(doubt.queryId);
      if (Date.now() > until)
        throw new TierError('unavailable', 'A statement whose answer was lost is still at work.');
      await pause(AGAIN_MS);
    }
  }

  async #hasEnded({ queryId, withdrawal }: Doubt): Promise<boolean> {
    if (!withdrawal) return !(await this.#isRunning(queryId));
    try {
      await this.client.change({ ...withdrawal, queryId: randomUUID() });
      return true;
    } catch (error) {
      if (engineCode(error) !== SESSION_IS_LOCKED) throw error;
      return false;
    }
  }

  async #isRunning(queryId: string): Promise<boolean> {
    const statement = 'SELECT count() AS n FROM system.processes WHERE startsWith(query_id, {id:String})';
    const answer = await this.client.select({
      statement,
      queryId: randomUUID(),
      parameters: { id: queryId },
    });
    return !answer.includes('"0"');
  }
}
