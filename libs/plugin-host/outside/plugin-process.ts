import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { failed, type Outcome } from '../outcome.js';
import { builtModule, readableCode } from './built-code.js';
import { FrameReader, MOST_FRAME_BYTES } from './frame-reader.js';
import { decodeDeclared, type Declared } from './process/declared.js';
import { offerToKernel, whyEnded } from './process-end.js';
import type { StagedPlugin } from './stage.js';

/** What a plugin's process may take. */
export interface PluginBudgets {
  /** Milliseconds for one question, a piece of some hundred lines. */
  readonly callMs: number;
  /** Milliseconds until it is imported. */
  readonly startMs: number;
  /** Bytes of memory in all, the 60 MB of Node itself included. */
  readonly memoryBytes: number;
  /** MiB of JavaScript's heap. */
  readonly heapMiB: number;
  /** Milliseconds to open data, which may be some MiB. */
  readonly openMs: number;
  /** Milliseconds after which a notifier is to give up by itself; it is ended a second later. */
  readonly notifyMs: number;
  /** Milliseconds between two pieces of a unit that a tier writes or reads, and to remove one. */
  readonly unitMs: number;
}

/** What a question may take. */
export interface ConverseLimit {
  readonly limitMs: number;
  /** Whether any number of pieces goes to and fro, each with the time anew. */
  readonly isStream?: boolean;
}

export const PLUGIN_BUDGETS: PluginBudgets = {
  callMs: 1_000,
  startMs: 10_000,
  memoryBytes: 384 * 2 ** 20,
  heapMiB: 192,
  openMs: 10_000,
  notifyMs: 6_000,
  unitMs: 30_000,
};

const TICK_MS = 50;
/** Bytes that are kept of what a plugin writes to its standard error. */
const KEPT_BYTES = 2_000;
const MAIN = 'libs/plugin-host/outside/process/main.js';
/** What a plugin may ask the server for while it works on one call. */
const MOST_ASKED = 1_000;

/** The end of a plugin's process, with what it was doing. */
export class PluginEnded extends Error {}

/** The process ended over a question that was asked before; this one waited behind it, and may be asked again. */
export class NotReached extends PluginEnded {}

/**
 * A process with one plugin in it. A thread would not do: a single large allocation in a thread ends the whole process,
 * whatever the thread's limits are (docs/adr/0006-outside-plugins.md). The process sees no variable of the environment,
 * may read nothing but the program's and its own files, and starts no other; that keeps a mistake small, it does not make
 * hostile code safe.
 */
export class PluginProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #frames: FrameReader;
  readonly #ended: Promise<PluginEnded>;
  #reason: string | undefined;
  /** Questions under way, the first of which it works on. */
  #asked = 0;
  #answered = 0;
  #noise = Buffer.alloc(0);

  private constructor(
    staged: StagedPlugin,
    private readonly budgets: PluginBudgets,
  ) {
    this.#child = spawn(process.execPath, nodeArguments(staged, budgets), {
      cwd: staged.folder,
      env: { TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#channel = this.#child.stdio[3] as Duplex;
    // A broken channel is told of by the end of the process.
    this.#channel.on('error', () => {});
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#noise = Buffer.concat([this.#noise, chunk]).subarray(0, KEPT_BYTES);
    });
    this.#frames = new FrameReader(this.#channel, (bytes) =>
      this.end(`it answered with ${bytes} bytes; ${MOST_FRAME_BYTES} are the most`),
    );
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) =>
        resolve(new PluginEnded(`it could not be started: ${error.message}`)),
      );
      this.#child.once('close', (code, signal) => resolve(new PluginEnded(this.#why(code, signal))));
    });
  }

  /** Starts the process and imports the plugin in it. */
  static async start(
    staged: StagedPlugin,
    budgets: PluginBudgets = PLUGIN_BUDGETS,
  ): Promise<Outcome<{ readonly process: PluginProcess; readonly declared: Declared }>> {
    const started = new PluginProcess(staged, budgets);
    void offerToKernel(started.pid);
    try {
      const frame = await started.#await(timeOf(budgets.startMs), 'importing it');
      const declared = decodeDeclared(staged.manifest.name, frame);
      if (declared.problems === undefined) return { value: { process: started, declared: declared.value } };
      await started.close();
      return declared;
    } catch (error) {
      await started.close();
      if (!(error instanceof PluginEnded)) throw error;
      return failed([{ what: `it can't be imported: ${error.message}`, mend: 'mend what its end says' }]);
    }
  }

  /** Id of the process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Asks a question. A next one may be asked meanwhile: it is answered behind this one.
   *
   * @param before settles when the question before this one has
   * @throws PluginEnded where the process ended over it, or was ended for taking too long
   * @throws NotReached where it ended over one before
   */
  async ask(frame: Uint8Array, before: Promise<unknown>): Promise<Buffer> {
    const place = this.#asked;
    this.#asked += 1;
    this.#channel.write(frame);
    await before;
    if (place > this.#answered) throw new NotReached('it ended over lines before these');
    const answer = await this.#await(timeOf(this.budgets.callMs), 'answering');
    this.#answered += 1;
    return answer;
  }

  /**
   * Asks a question over which the plugin may ask back; one at a time.
   *
   * @param reply what it is answered, in pieces; undefined where the frame is the answer to the question
   * @throws PluginEnded where the process ended over it, or was ended for taking too long
   */
  async converse(
    question: Uint8Array,
    { limitMs, isStream = false }: ConverseLimit,
    reply: (frame: Buffer) => Promise<readonly Uint8Array[] | undefined>,
  ): Promise<Buffer> {
    let time = timeOf(limitMs);
    this.#channel.write(question);
    for (let asked = 0; ; asked += 1) {
      if (isStream) time = timeOf(limitMs);
      else if (asked > MOST_ASKED) this.end(`it asked for more than ${MOST_ASKED} things in one call`);
      const frame = await this.#await(time, 'answering');
      const pieces = await reply(frame);
      if (!pieces) return frame;
      for (const piece of pieces) this.#channel.write(piece);
    }
  }

  /** Ends the process, for a reason that whoever waits for it is told. */
  end(reason: string): void {
    this.#reason ??= reason;
    this.#child.kill('SIGKILL');
  }

  /** Ends the process. Idempotent. */
  async close(): Promise<void> {
    this.#reason ??= 'it was closed';
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /**
   * Waits for a frame. The time is counted in ticks, so that a while in which this process stood still, and could not
   * have seen the answer, is not the plugin's fault.
   */
  async #await(time: TimeLeft, doing: string): Promise<Buffer> {
    const watch = setInterval(() => {
      time.ticks -= 1;
      if (time.ticks <= 0) this.end(`${doing} took longer than ${time.limitMs} ms`);
    }, TICK_MS);
    try {
      const first = await Promise.race([this.#frames.next(), this.#ended]);
      if (first instanceof PluginEnded) throw first;
      return first;
    } finally {
      clearInterval(watch);
    }
  }

  #why(code: number | null, signal: string | null): string {
    return this.#reason ?? whyEnded({ code, signal }, this.#noise.toString(), this.budgets);
  }
}

/** What is left of the time for a question. */
interface TimeLeft {
  readonly limitMs: number;
  ticks: number;
}

function timeOf(limitMs: number): TimeLeft {
  return { limitMs, ticks: Math.ceil(limitMs / TICK_MS) };
}

/** How Node is started for a plugin. @param main path of the built module that runs it, from the top of the program */
export function nodeArguments(
  staged: StagedPlugin,
  { heapMiB, memoryBytes }: PluginBudgets,
  main: string = MAIN,
): string[] {
  const { directory } = staged;
  // Node takes it for the folder itself, too.
  const own = directory === undefined ? [] : [`${directory}/*`];
  const readable = [`${staged.folder}/*`, ...readableCode(), ...own];
  const [major = 0] = process.versions.node.split('.').map(Number);
  return [
    major >= 24 ? '--permission' : '--experimental-permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    ...own.map((path) => `--allow-fs-write=${path}`),
    '--allow-worker',
    '--no-warnings',
    `--max-old-space-size=${heapMiB}`,
    fileURLToPath(builtModule(main)),
    staged.entry,
    JSON.stringify(staged.manifest),
    String(memoryBytes),
  ];
}
