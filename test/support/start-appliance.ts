import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveScratchDir } from '#app-config';
import { ApplianceProcess, pause, type Exit } from './appliance-process.js';

export interface ApplianceOptions {
  /** Program and arguments. Default: this checkout's `bin/alluvium start`, which must have been built. */
  readonly command?: readonly string[];
  /** Settings on top of a free loopback port and the data directory. This process's own settings are not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a temporary directory that `dispose` removes. One that is given is left alone. */
  readonly dataDirectory?: string;
  /** Milliseconds until it must be ready. Default 30,000. */
  readonly startTimeoutMs?: number;
}

const DEFAULT_COMMAND = [join(import.meta.dirname, '../../bin/alluvium'), 'start'];
const DEFAULT_START_TIMEOUT_MS = 30_000;
/** Settings of this process, which the appliance must not take for its own. */
const OWN = /^(ALLUVIUM|CLICKHOUSE|KAFKA|MONGODB|REDIS|S3)_/;

/**
 * A whole appliance as its user has it: a process with a data directory, reached over HTTP. `start` and `restart`
 * resolve when it is ready and reject with everything it printed when it doesn't get there.
 */
export class Appliance {
  private process: ApplianceProcess | undefined;
  private address = '';
  private key = '';

  private constructor(
    readonly dataDirectory: string,
    private readonly options: ApplianceOptions,
  ) {}

  /** Makes the data directory without starting anything: `restart` then starts it. */
  static async prepare(options: ApplianceOptions = {}): Promise<Appliance> {
    const directory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'alluvium-test-')));
    return new Appliance(directory, options);
  }

  /** Base address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  get adminKey(): string {
    return this.key;
  }

  get pid(): number {
    return this.process?.pid ?? -1;
  }

  /** Resolves when the present process is gone; at once when none was started. */
  get exited(): Promise<Exit> {
    return this.process?.exited ?? Promise.resolve({ code: null, signal: null });
  }

  /** Whether a process runs now. */
  get isRunning(): boolean {
    return this.process !== undefined && this.process.ended === undefined;
  }

  /** What the present process printed, or the last one. */
  output(): string {
    return this.process?.output() ?? '';
  }

  /** Ends the process in order and waits for it. Default SIGTERM. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    return this.process?.end(signal) ?? { code: null, signal: null };
  }

  /** `kill -9`. */
  async kill(): Promise<Exit> {
    return this.stop('SIGKILL');
  }

  /** Starts again on the same data directory; a process that still runs is killed first. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<this> {
    await this.kill();
    const timeoutMs = this.options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS;
    const started = new ApplianceProcess(this.options.command ?? DEFAULT_COMMAND, this.environment(env));
    this.process = started;
    const url = await started.waitForAddress(timeoutMs);
    if (url === undefined || !(await becomesReady(url, started, timeoutMs)))
      await failStart(started, timeoutMs);
    this.address = String(url).replace(/\/$/, '');
    const { ALLUVIUM_ADMIN_KEY: key, ALLUVIUM_ADMIN_KEY_FILE: file } = this.options.env ?? {};
    this.key = key ?? (await readFile(file ?? join(this.dataDirectory, 'admin.key'), 'utf8')).trim();
    return this;
  }

  /** Ends the process if it runs and removes the temporary data directory and its scratch directory. Idempotent. */
  async dispose(): Promise<void> {
    await this.kill();
    if (this.options.dataDirectory !== undefined) return;
    const scratch = resolveScratchDir({ scratchDir: undefined, dataDir: this.dataDirectory });
    for (const directory of [this.dataDirectory, scratch])
      await rm(directory, { recursive: true, force: true });
  }

  private environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !OWN.test(name));
    return {
      ...Object.fromEntries(inherited),
      ALLUVIUM_DATA_DIR: this.dataDirectory,
      ALLUVIUM_HTTP_PORT: '0',
      ...this.options.env,
      ...env,
    };
  }
}

/** Of the very process that was started: meanwhile there may be another one. */
async function failStart(started: ApplianceProcess, timeoutMs: number): Promise<never> {
  const { ended } = started;
  const exit = await started.end('SIGKILL');
  const how = ended
    ? `ended with code ${exit.code}, signal ${exit.signal}`
    : `was not ready within ${timeoutMs} ms`;
  throw new StartError(`The appliance ${how}. It printed:\n${started.output()}`, ended);
}

/** The appliance didn't get ready; the message has everything that it printed. */
export class StartError extends Error {
  /** @param exit how the process ended by itself; undefined when it ran until the time was over. */
  constructor(
    message: string,
    readonly exit: Exit | undefined,
  ) {
    super(message);
  }
}

/** Starts an appliance on a fresh data directory and waits until it is ready. */
export async function startAppliance(options: ApplianceOptions = {}): Promise<Appliance> {
  const appliance = await Appliance.prepare(options);
  try {
    return await appliance.restart();
  } catch (error) {
    await appliance.dispose();
    throw error;
  }
}

async function becomesReady(url: string, started: ApplianceProcess, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (started.ended === undefined && Date.now() < deadline) {
    if (await isReady(url)) return true;
    await pause(20);
  }
  return false;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
