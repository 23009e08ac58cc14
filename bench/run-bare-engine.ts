import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BareJob, BareResult } from './bare-job.js';

/** Runs the bare engine in a process of its own, with a directory of its own that is removed at the end. */
export async function runBareEngine(job: BareJob): Promise<BareResult> {
  const child = fork(join(import.meta.dirname, 'bare-engine.ts'));
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The bare engine ended with code ${String(code)} before it was done`);
  });
  failed.catch(() => undefined);
  child.send(job);
  const [result] = (await Promise.race([once(child, 'message'), failed])) as [BareResult];
  await once(child, 'exit');
  return result;
}
