import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { killAtSignals } from './at-signals.js';

/**
 * Runs a job of a bench in a process of its own, so that neither this one's memory nor its work counts: the file takes the
 * job as its first message, and answers with one. A signal that ends this process ends it too.
 *
 * @param file in this folder
 * @throws Error where it ends before it answered
 */
export async function inOwnProcess<Result>(file: string, job: object): Promise<Result> {
  const child = fork(join(import.meta.dirname, file));
  killAtSignals(child);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with code ${String(code)} before it was done`);
  });
  failed.catch(() => undefined);
  child.send(job);
  const [result] = (await Promise.race([once(child, 'message'), failed])) as [Result];
  await once(child, 'exit');
  return result;
}
