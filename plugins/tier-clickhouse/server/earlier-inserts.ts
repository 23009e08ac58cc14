import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engine/engine.js';

const LOOK_MS = 20;
const INSERTS =
  "SELECT query_id AS id FROM system.processes WHERE query_kind = 'Insert' AND user = currentUser()";

/**
 * The inserts of processes that had the stream before. That of a process that was killed goes on without it: who looks for its rows
 * before its end would miss them, and store them again. A stream may come from another process at any time.
 */
export class EarlierInserts {
  constructor(private readonly engine: Engine) {}

  /** Resolves when those have ended that were at work at the call: of its own, the engine itself knows the end. */
  async ended(): Promise<void> {
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
