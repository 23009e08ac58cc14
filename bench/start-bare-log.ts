import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAtSignals } from './at-signals.js';
import { readCpuSeconds } from './proc.js';

/** The bare log's server, as it is measured. */
export interface RunningBareLog {
  readonly url: string;
  /** CPU seconds of the process so far. */
  cpuSeconds(): number;
}

/** Runs a measurement on a fresh bare log on the disk of temporary files, which the appliance's data directory is on too. */
export async function withBareLog<T>(measure: (log: RunningBareLog) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-bare-log-'));
  const child = fork(join(import.meta.dirname, 'bare-log.ts'));
  killAtSignals(child);
  try {
    const { pid } = child;
    if (pid === undefined) throw new Error('The process of the bare log was not started');
    child.send(directory);
    const [url] = (await once(child, 'message')) as [string];
    return await measure({ url, cpuSeconds: () => readCpuSeconds(pid) });
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
}
