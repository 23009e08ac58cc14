import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './project-files.mjs';

/** The script behind a development tool in node_modules, to be run by a Node of choice. */
export const tool = {
  tsc: join(root, 'node_modules/typescript/bin/tsc'),
  vitest: join(root, 'node_modules/vitest/vitest.mjs'),
  depcruise: join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
};

/**
 * Runs a command in the checkout's root. Resolves with its exit code (1 where a signal ended it) and, with `capture`,
 * what it printed.
 */
export function runCommand(command, args, { capture = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'];
    const child = spawn(command, args, { cwd: root, env, stdio });
    const printed = [];
    const printedErrors = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printedErrors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(printed).toString(),
        stderr: Buffer.concat(printedErrors).toString(),
      }),
    );
  });
}
