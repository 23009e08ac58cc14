import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { offerToKernel, whyEnded } from '../process-end.js';
import { nodeArguments, type PluginBudgets } from '../plugin-process.js';
import type { StagedPlugin } from '../stage.js';
import { inputToldSchema, type InputAsked, type InputTold } from './input-messages.js';
import { MessagePipe } from './message-pipe.js';

const MAIN = 'libs/plugin-host/outside/inputs/input-main.js';
const TICK_MS = 200;
/** Ticks in which a process has to answer: three seconds in which its loop doesn't turn are a loop without end. */
const SILENT_TICKS = 15;
/** Bytes that are kept of what a plugin writes to its standard error. */
const KEPT_BYTES = 2_000;

/**
 * A process with one input of an outside plugin. Other than that of a parser it talks by messages, at any time: an input
 * listens, so its event loop has to turn. One whose loop doesn't is ended.
 */
export class InputProcess {
  /** Resolves with the reason when it has ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #pipe: MessagePipe;
  #watch: NodeJS.Timeout | undefined;
  #silentTicks = 0;
  #reason: string | undefined;
  #noise = Buffer.alloc(0);

  /** @param told gets each message that is one, until it has ended */
  constructor(staged: StagedPlugin, budgets: PluginBudgets, told: (message: InputTold) => void) {
    this.#child = spawn(process.execPath, nodeArguments(staged, budgets, MAIN), {
      cwd: staged.folder,
      env: { TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#noise = Buffer.concat([this.#noise, chunk]).subarray(0, KEPT_BYTES);
    });
    this.#pipe = new MessagePipe(this.#child.stdio[3] as Duplex, {
      took: (message) => this.#take(message, told),
      failed: (why) => void this.kill(why),
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
      this.#child.once('close', (code, signal) => resolve(this.#why(code, signal, budgets)));
    });
    void this.ended.then(() => clearInterval(this.#watch));
    void offerToKernel(this.#child.pid);
  }

  send(message: InputAsked): void {
    this.#pipe.send(message);
  }

  /** Ends it now. Idempotent. @param reason what {@link ended} says */
  async kill(reason: string): Promise<void> {
    this.#reason ??= reason;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #take(message: unknown, told: (message: InputTold) => void): void {
    if (this.#reason !== undefined) return;
    const read = inputToldSchema.safeParse(message);
    if (!read.success || (read.data.kind === 'ready' && this.#watch !== undefined))
      void this.kill('it told the server what no input tells');
    else if (read.data.kind === 'pong') this.#silentTicks = 0;
    else {
      // From here on it answers; until then its start has a time of its own.
      if (read.data.kind === 'ready') this.#watch = setInterval(() => this.#tick(), TICK_MS);
      told(read.data);
    }
  }

  /** Counted in ticks, so that a while in which this process stood still is not the plugin's fault. */
  #tick(): void {
    this.#silentTicks += 1;
    if (this.#silentTicks > SILENT_TICKS)
      void this.kill(`it did nothing for ${(SILENT_TICKS * TICK_MS) / 1_000} s but one thing`);
    else this.send({ kind: 'ping' });
  }

  #why(code: number | null, signal: string | null, budgets: PluginBudgets): string {
    return this.#reason ?? whyEnded({ code, signal }, this.#noise.toString(), budgets);
  }
}
