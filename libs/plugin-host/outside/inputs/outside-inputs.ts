import { setTimeout as pause } from 'node:timers/promises';
import {
  InputStartError,
  manifestOptions,
  type Input,
  type InputAddress,
  type InputContext,
  type InputPlugin,
  type PluginProblem,
} from '#plugin-kit';
import type { LivePlugin, PluginWatch } from '../plugin-watch.js';
import type { PluginBudgets } from '../plugin-process.js';
import type { StagedPlugin } from '../stage.js';
import { Strikes } from '../strikes.js';
import type { InputTold } from './input-messages.js';
import { InputProcess } from './input-process.js';
import { OutsideInput } from './outside-input.js';

/** One version of a plugin that brings inputs: each input that is made of it runs in a process of its own. */
export class OutsideInputs implements LivePlugin {
  /** What the server takes it for: options by the manifest's `config`, inputs that run elsewhere. */
  readonly plugin: InputPlugin;
  readonly #strikes = new Strikes();
  /** Why an input could not be started by this version, by its name. */
  readonly #notStarted = new Map<string, PluginProblem>();
  #suspended: string | undefined;
  readonly #processes = new Set<InputProcess>();
  #restarts = 0;
  #inUse = 0;
  #retired = false;

  /** @param remove removes its files, once nothing runs from them any more */
  constructor(
    private readonly staged: StagedPlugin,
    private readonly budgets: PluginBudgets,
    private readonly watch: PluginWatch,
    private readonly remove: () => Promise<void>,
  ) {
    const { manifest } = staged;
    const create = (context: InputContext<unknown>): Input => this.#create(context);
    this.plugin = { kind: 'input', manifest, input: { options: manifestOptions(manifest), create } };
  }

  get suspended(): string | undefined {
    return this.#suspended;
  }

  /** Of inputs that this version did not start when it was asked last. */
  get problems(): readonly PluginProblem[] {
    return [...this.#notStarted.values()];
  }

  /** How often a process of it ended that nobody stopped, for which another was started. */
  get restarts(): number {
    return this.#restarts;
  }

  resume(): void {
    this.#suspended = undefined;
    this.#strikes.clear();
  }

  /** Ends everything of it now. */
  async close(): Promise<void> {
    await Promise.all([...this.#processes].map((one) => one.kill('it was closed')));
  }

  /** Its files go when the last of its inputs has stopped. */
  retire(): void {
    this.#retired = true;
    this.#removeIfDone();
  }

  #create(context: InputContext<unknown>): Input {
    this.#inUse += 1;
    const input = new OutsideInput(context, {
      open: (told) => this.#open(told),
      startMs: this.budgets.startMs,
      ended: (why) => this.#ended(why),
      closed: () => {
        this.#inUse -= 1;
        this.#removeIfDone();
      },
    });
    return { start: () => this.#start(context.name, input), stop: () => input.stop() };
  }

  async #start(name: string, input: Input): Promise<readonly InputAddress[]> {
    try {
      const addresses = await input.start();
      this.#notStarted.delete(name);
      return addresses;
    } catch (error) {
      this.#notStarted.set(name, notStarted(this.staged, name, error));
      throw error;
    }
  }

  async #open(told: (message: InputTold) => void): Promise<InputProcess> {
    if (this.#suspended !== undefined)
      throw new InputStartError(
        `The plugin was taken out: ${this.#suspended}.`,
        'Mend it and trust the new version, or let it try again: POST /api/v1/plugins/reload.',
      );
    if (this.#strikes.backoffMs > 0) await pause(this.#strikes.backoffMs);
    const started = new InputProcess(this.staged, this.budgets, told);
    this.#processes.add(started);
    void started.ended.then(() => this.#processes.delete(started));
    return started;
  }

  #ended(why: string): void {
    const { name } = this.staged.manifest;
    this.#strikes.ended(why, Date.now());
    this.watch.ended(name, why);
    this.#restarts += 1;
    if (this.#strikes.verdict === undefined || this.#suspended !== undefined) return;
    this.#suspended = this.#strikes.verdict;
    this.watch.suspended(name, this.#suspended);
  }

  #removeIfDone(): void {
    if (this.#retired && this.#inUse <= 0) void this.remove();
  }
}

function notStarted({ manifest }: StagedPlugin, input: string, error: unknown): PluginProblem {
  const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  const what = `its version ${manifest.version} did not start the input "${input}": ${why}`;
  return { what, mend: 'mend what that says and trust it again, or stop and start the input' };
}
