import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { killAtSignals } from './at-signals.js';
import type { SenderJob, SenderResult } from './sender-job.js';

/** Sends in a process of its own. Resolves when all bodies are made; the returned function then starts the sending. */
export async function prepareSender(job: SenderJob): Promise<() => Promise<SenderResult>> {
  const child = fork(join(import.meta.dirname, 'sender.ts'));
  killAtSignals(child);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The sender ended with code ${String(code)} before it was done`);
  });
  failed.catch(() => undefined);
  child.send(job);
  await Promise.race([once(child, 'message'), failed]);
  return async () => {
    child.send('go');
    const [{ result }] = (await Promise.race([once(child, 'message'), failed])) as [{ result: SenderResult }];
    return result;
  };
}
