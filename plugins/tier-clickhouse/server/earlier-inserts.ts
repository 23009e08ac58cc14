import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engine/engine.js';

const LOOK_MS = 20;
const INSERTS =
  "SELECT query_id AS id FROM system.processes WHERE query_kind = 'Insert' AND user = currentUser()";

/**
 * The inserts of processes before this one. That of a process that was killed goes on without it: who looks for its rows before
 * its end would miss them, and store them again.
 */
export class EarlierInserts {
  #ended: Promise<void> | undefined;

  constructor(private readonly engine: Engine) {}

  /** Resolves when those have ended that were at work at the first call: of later ones the engine itself knows the end. */
  ended(): Promise<void> {
    this.#ended ??= this.#wait().catch((error: unknown) => {
      this.#ended = undefined;
      throw error;
    });
    return this.#ended;
  }

  async #wait(): Promise<void> {
    for (let left = await insertsNow(this.engine); left.length > 0;) {
      await pause(LOOK_MS);
      const now = new Set(await insertsNow(this.engine));
      left = left.filter((id) => now.has(id));
    }
  }
}

async function insertsNow(engine: Engine): Promise<readonly string[]> {
  return (await engine.run(INSERTS, { lane: 'read' })).rows<{ id: string }>().map(({ id }) => id);
}
