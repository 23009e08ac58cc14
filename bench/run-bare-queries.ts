import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BareQueriesJob, BareQueriesResult } from './bare-queries-job.js';

/** Answers statements with the bare engine in a process of its own. @throws Error where it ends before it is done */
export async function runBareQueries(job: BareQueriesJob): Promise<BareQueriesResult> {
  const child = fork(join(import.meta.dirname, 'bare-queries.ts'));
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The bare engine ended with code ${String(code)} before it was done`);
  });
  failed.catch(() => undefined);
  child.send(job);
  const [result] = (await Promise.race([once(child, 'message'), failed])) as [BareQueriesResult];
  await once(child, 'exit');
  return result;
}
