import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import type { ApiTarget } from './api-client.js';

/** How a call of the command line ended. */
export interface CommandOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call that runs. */
export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<CommandOutcome>;
  /** What it wrote so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export interface CommandOptions {
  /** Given by ALLUVIUM_URL and ALLUVIUM_KEY. */
  readonly server?: ApiTarget;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly cwd?: string;
}

const PROGRAM = join(import.meta.dirname, '../../bin/alluvium');

/** Calls this checkout's `bin/alluvium`, which must have been built. No setting of this process's own is passed on. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const { server, env, input, cwd } = options;
  const child = spawn(PROGRAM, args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      ...(server && { ALLUVIUM_URL: server.url, ALLUVIUM_KEY: server.adminKey }),
      ...env,
    },
    ...(cwd !== undefined && { cwd }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command may end before it read everything.
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = new Promise<CommandOutcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** The same, to its end. */
export function runCommandLine(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  return startCommand(args, { input: '', ...options }).ended;
}
