import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** Installs what {@link FailingCalls} needs, unless it is there; rejects where that can't be done. */
export async function installTools(): Promise<void> {
  await promisify(execFile)(join(import.meta.dirname, 'install-tools.sh'));
}

/** Lets system calls of a running process fail, on all of its threads, until it is detached. */
export class FailingCalls {
  private constructor(
    private readonly tracer: ChildProcess,
    private readonly directory: string,
  ) {}

  /** @param calls such as `fsync,fdatasync`; @param error such as `EIO` */
  static async attach(pid: number, calls: string, error: string): Promise<FailingCalls> {
    const directory = await mkdtemp(join(tmpdir(), 'alluvium-calls-'));
    const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}`];
    const output = ['-o', join(directory, 'calls')];
    const tracer = spawn('strace', ['-f', ...inject, ...output, '-p', String(pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: string[] = [];
    for await (const line of createInterface(tracer.stderr)) {
      if (line.includes('attached')) return new FailingCalls(tracer, directory);
      said.push(line);
    }
    throw new Error(`strace could not attach to process ${pid}: ${said.join(' ')}`);
  }

  /** Calls that were made to fail so far. */
  async count(): Promise<number> {
    const text = await readFile(join(this.directory, 'calls'), 'utf8');
    return text.split('(INJECTED)').length - 1;
  }

  /** From then on the calls work again. Idempotent. */
  async detach(): Promise<void> {
    if (this.tracer.exitCode !== null || this.tracer.signalCode !== null) return;
    const ended = new Promise((resolve) => this.tracer.once('exit', resolve));
    this.tracer.kill('SIGTERM');
    await ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}
