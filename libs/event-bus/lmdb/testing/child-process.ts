import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('../../../../test/support/typescript-loader.mjs', import.meta.url));

/** A program of this folder in a process of its own. */
export interface ChildRun {
  /** What it wrote to its standard output, line by line, until it ended. */
  readonly lines: readonly string[];
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

export interface ChildOptions {
  /** Kills it so many milliseconds after its first line. */
  readonly killAfterMs?: number;
  /** Largest file that it may write, in blocks of 512 bytes. */
  readonly fileLimit?: number;
}

/** Runs a program to its end, whatever that is. */
export async function runChild(
  program: string,
  parameters: readonly string[],
  { killAfterMs, fileLimit }: ChildOptions = {},
): Promise<ChildRun> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const command = [process.execPath, '--conditions=source', '--import', LOADER, path, ...parameters];
  const limit = fileLimit === undefined ? '' : `ulimit -f ${fileLimit}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stderr.resume();
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  if (killAfterMs !== undefined)
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), killAfterMs));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { lines: Buffer.concat(output).toString().split('\n').slice(0, -1), code, signal };
}
