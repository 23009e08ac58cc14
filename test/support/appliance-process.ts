import { spawn, type ChildProcess } from 'node:child_process';

/** How a process ended: its exit code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const ADDRESS = /https?:\/\/[^\s,;)]+/;
const OUTPUT_KEPT_CHARACTERS = 200_000;

/** One run of a server process: its output, its address, its end. Never outlives this process. */
export class ApplianceProcess {
  /** Resolves when the process is gone, however it went; never rejects. */
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;
  private readonly atOurExit = (): void => void this.child.kill('SIGKILL');
  private text = '';
  private stdout = '';
  private address: string | undefined;
  private exit: Exit | undefined;

  constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    const [program = '', ...parameters] = command;
    this.child = spawn(program, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.readStandardOutput(chunk));
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.keep(chunk));
    process.once('exit', this.atOurExit);
    this.exited = this.watchExit();
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Undefined while the process runs. */
  get ended(): Exit | undefined {
    return this.exit;
  }

  /** The newest part of what the process wrote to both outputs. */
  output(): string {
    return this.text;
  }

  /** The address in the start line; undefined when the process ended, or the time was over, before it was printed. */
  async waitForAddress(timeoutMs: number): Promise<string | undefined> {
    const deadline = Date.now() + timeoutMs;
    while (this.address === undefined && this.exit === undefined && Date.now() < deadline) await pause(5);
    return this.address;
  }

  /** Sends a signal to this very process and waits until it is gone. Idempotent. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    if (this.exit === undefined) this.child.kill(signal);
    return this.exited;
  }

  private watchExit(): Promise<Exit> {
    return new Promise((resolve) => {
      const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
        process.removeListener('exit', this.atOurExit);
        this.exit ??= { code, signal };
        resolve(this.exit);
      };
      this.child.once('close', finish);
      this.child.once('error', (error) => {
        this.keep(`could not start: ${error.message}\n`);
        if (this.child.pid === undefined) finish(null, null);
      });
    });
  }

  private readStandardOutput(chunk: string): void {
    this.keep(chunk);
    if (this.address !== undefined) return;
    this.stdout += chunk;
    this.address = ADDRESS.exec(this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1))?.[0];
  }

  private keep(chunk: string): void {
    this.text = (this.text + chunk).slice(-OUTPUT_KEPT_CHARACTERS);
  }
}

/** Milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
