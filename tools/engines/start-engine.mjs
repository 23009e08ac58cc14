import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.mjs';

/** Milliseconds that an engine may take until it answers, where its plan doesn't say. */
const START_MS = 60_000;
const TRY_AGAIN_MS = 50;

/**
 * Starts an engine on loopback with free ports and resolves when it answers. `staysUp`: it outlives this process, until its
 * pid is told to end; else it ends with this process, however that ends. A `directory` that is given is left alone and
 * keeps the data; `options` are the engine's own.
 *
 * @throws Error with the end of its log where it doesn't get there
 */
export async function startEngine(engine, { staysUp = false, directory, ports, ...options } = {}) {
  const own = directory ?? (await mkdtemp(join(tmpdir(), `alluvium-${engine.name}-`)));
  const running = new RunningEngine(engine, {
    options,
    staysUp,
    directory: own,
    isTemporary: directory === undefined,
    ports: ports ?? (await freePorts(engine.ports)),
  });
  try {
    await running.start();
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

class RunningEngine {
  #parts;
  #child;

  constructor(engine, parts) {
    this.engine = engine;
    this.#parts = parts;
  }

  get pid() {
    return this.#child?.pid;
  }

  get directory() {
    return this.#parts.directory;
  }

  get ports() {
    return this.#parts.ports;
  }

  /** Starts the process, again where it has ended: with the same ports and data. */
  async start() {
    const { directory, ports, options, staysUp } = this.#parts;
    await mkdir(directory, { recursive: true });
    const plan = await this.engine.plan({ ...options, directory, ports });
    this.variables = plan.variables;
    const log = await open(this.#log, 'a');
    this.#child = spawn(plan.command, plan.args, {
      stdio: [staysUp ? 'ignore' : 'pipe', log.fd, log.fd],
      detached: staysUp,
      env: { ...process.env, ENDS_WITH_INPUT: staysUp ? '0' : '1' },
    });
    await log.close();
    this.#child.once('error', () => undefined);
    this.#child.unref();
    this.#child.stdin?.unref?.();
    this.version = await this.#answer(plan);
  }

  /** Ends the process, by default in order; its data stays. */
  async end(signal = 'SIGTERM') {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Ends the process and removes what was temporary. */
  async stop() {
    await this.end('SIGKILL');
    if (this.#parts.isTemporary) await rm(this.directory, { recursive: true, force: true });
  }

  get #log() {
    return join(this.directory, 'log');
  }

  async #answer({ readVersion, command, startMs = START_MS }) {
    const child = this.#child;
    let problem;
    for (const until = Date.now() + startMs; Date.now() < until;) {
      if (child.pid === undefined) problem = `${command} is not there: install it.`;
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) break;
      try {
        return await readVersion();
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      }
    }
    const log = (await readFile(this.#log, 'utf8')).slice(-2_000);
    throw new Error(`${this.engine.name} did not start: ${problem ?? 'it ended'}\n${log}`);
  }
}
