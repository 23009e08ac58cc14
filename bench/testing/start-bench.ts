import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');

/** A bench that runs. */
export interface RunningBench {
  /** The first line that it wrote. */
  readonly line: string;
  /** Sends it a signal; answers its exit code once it has ended. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts a file of this folder as `npm run bench:…` starts a bench; resolves with its first line. */
export async function startBench(file: string): Promise<RunningBench> {
  const loader = ['--conditions=source', '--import', './test/support/typescript-loader.mjs'];
  const child = spawn(process.execPath, [...loader, `bench/testing/${file}`], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[code: number | null]>;
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const first = await lines.next();
  return {
    line: String(first.value),
    end: async (signal) => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** Whether a process is there still. */
export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
