import { setTimeout as pause } from 'node:timers/promises';
import { ChangeQueue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { TakenOut } from '../enrichers/hosted-enricher.js';
import { PluginEnded, type ConverseLimit, type PluginBudgets, type PluginProcess } from './plugin-process.js';
import {
  decodeMessage,
  encodeMessage,
  errorOf,
  toldError,
  type Ask,
  type Ended,
  type Numbered,
  type ObjectCall,
} from './process/messages.js';
import type { LivePlugin, PluginWatch } from './plugin-watch.js';
import type { StagedPlugin } from './stage.js';
import { Strikes } from './strikes.js';

/** What the plugin gets where it asks for something. */
export interface Reply {
  readonly value?: unknown;
  readonly bytes?: Uint8Array;
}

export interface OutsideObjectParts {
  readonly staged: StagedPlugin;
  /** Starts a process of the plugin. */
  readonly start: () => Promise<PluginProcess>;
  readonly watch: PluginWatch;
  readonly budgets: PluginBudgets;
  /** What the object is made of. */
  readonly options: unknown;
  /** Answers what the plugin asks for, with the bytes that it sent along; what it throws, the plugin gets. */
  readonly answer: (ask: Ask, bytes: Uint8Array) => Promise<Reply>;
  /** Called once it is closed, and its process has ended. */
  readonly closed: () => void;
}

/** Bytes of an answer; more is not read. */
const MOST_BYTES = 8 * 2 ** 20;

/** There is no object to be called: its process ended over a call before, or was never started. */
export class NotOpen extends PluginEnded {}

/**
 * One object of an outside plugin, such as an enricher with its options, in a process of its own. Where the process ends
 * over a call, the call fails; {@link open} makes it anew, and where that happens too often the object is suspended: it fails
 * at once until it is {@link resume}d.
 */
export class OutsideObject implements LivePlugin {
  readonly #strikes = new Strikes();
  /** One call after the other, and none beside a start. */
  readonly #calls = new ChangeQueue();
  #process: PluginProcess | undefined;
  #takenOut: TakenOut | undefined;
  #isOpen = false;
  #opened = 0;
  #asked = 0;
  #isInterrupted = false;
  #closed = false;

  constructor(private readonly parts: OutsideObjectParts) {}

  /** Whether it can be called. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get suspended(): string | undefined {
    return this.#takenOut?.why;
  }

  /** Since when, and why, it is suspended. */
  get takenOut(): TakenOut | undefined {
    return this.#takenOut;
  }

  get restarts(): number {
    return Math.max(0, this.#opened - 1);
  }

  resume(): void {
    this.#takenOut = undefined;
    this.#strikes.clear();
  }

  /**
   * Starts a process and makes the object in it; resolves with what that says of itself.
   *
   * @throws PluginEnded where the process ended over it, or it is suspended; else what the plugin failed with
   */
  async open(): Promise<unknown> {
    return this.#calls.run(async () => {
      this.#requireFit();
      await this.#letGo();
      if (this.#strikes.backoffMs > 0) await pause(this.#strikes.backoffMs);
      try {
        const started = await this.parts.start();
        this.#process = started;
        if (this.#closed) throw new PluginEnded('it was closed');
        this.#opened += 1;
        const said = await this.#converse(started, { call: 'open', options: this.parts.options });
        this.#isOpen = true;
        return said;
      } catch (error) {
        await this.#letGo();
        this.#noteEnd(error);
        throw error;
      }
    });
  }

  /**
   * Calls the object, behind calls before this one.
   *
   * @throws PluginEnded where its process ended over it; NotOpen where it ended before; else what the plugin failed with
   */
  async call(call: ObjectCall): Promise<unknown> {
    return this.#calls.run(async () => {
      this.#requireFit();
      const running = this.#process;
      if (!this.#isOpen || !running) throw new NotOpen('its process does not run');
      try {
        const done = await this.#converse(running, call);
        this.#strikes.answered(false);
        return done;
      } catch (error) {
        if (error instanceof PluginEnded) await this.#letGo();
        this.#noteEnd(error);
        throw error;
      }
    });
  }

  /** Counts a failure to come back as an end of its process. */
  strike(why: string): void {
    this.#strikes.ended(why, Date.now());
    this.#takeOut();
  }

  /** Ends its process now, and what it works on, through no fault of its own. */
  interrupt(why: string): void {
    this.#isInterrupted = this.#process !== undefined;
    this.#process?.end(why);
  }

  /** Ends it for good. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#letGo();
    this.parts.closed();
  }

  #requireFit(): void {
    if (this.#closed) throw new PluginEnded('it was closed');
    if (this.#takenOut) throw new PluginEnded(`it is suspended: ${this.#takenOut.why}`);
  }

  async #letGo(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    this.#isOpen = false;
    await running?.close();
  }

  async #converse(running: PluginProcess, call: ObjectCall): Promise<unknown> {
    const { budgets } = this.parts;
    const nth = (this.#asked += 1);
    const question = encodeMessage({ ...call, nth });
    const frame = await running.converse(question, limitOf(call, budgets), (some) => this.#reply(some));
    const said = read<Ended & Numbered>(frame);
    if (said.nth !== nth) throw new PluginEnded('it answered what it was not asked');
    if ('failed' in said) throw errorOf(said.failed);
    return said.done;
  }

  /** Undefined where the frame asks for nothing. */
  async #reply(frame: Buffer): Promise<readonly Uint8Array[] | undefined> {
    if (frame.length > MOST_BYTES) throw new PluginEnded(`it answered with ${frame.length} bytes`);
    const { said, bytes: sent } = readFrame<Ask | Ended>(frame);
    if (!('ask' in said)) return undefined;
    try {
      const { value = null, bytes } = await this.parts.answer(said, sent);
      return [encodeMessage({ done: value }, bytes), ...(bytes ? [bytes] : [])];
    } catch (error) {
      return [encodeMessage({ failed: toldError(error) })];
    }
  }

  /** What the plugin says of its data or of the other side is no fault of its own. */
  #noteEnd(error: unknown): void {
    const isBlameless = this.#closed || this.#isInterrupted || error instanceof AlluviumError;
    this.#isInterrupted = false;
    if (isBlameless) return;
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof PluginEnded) {
      this.#strikes.ended(why, Date.now());
      this.parts.watch.ended(this.parts.staged.manifest.name, why);
    } else this.#strikes.answered(true, why);
    this.#takeOut();
  }

  #takeOut(): void {
    const why = this.#strikes.verdict;
    if (why === undefined || this.#takenOut) return;
    this.#takenOut = { at: new Date().toISOString(), why };
    void this.#letGo();
    this.parts.watch.suspended(this.parts.staged.manifest.name, why);
  }
}

function limitOf({ call }: ObjectCall, budgets: PluginBudgets): ConverseLimit {
  if (call === 'open') return { limitMs: budgets.openMs };
  if (call === 'enrich') return { limitMs: budgets.callMs };
  if (call === 'notify') return { limitMs: budgets.notifyMs + 1_000 };
  return { limitMs: budgets.unitMs, isStream: true };
}

function read<Said extends Ask | Ended>(frame: Buffer): Said {
  return readFrame<Said>(frame).said;
}

/** @throws PluginEnded where it is none: nobody knows what comes behind it */
function readFrame<Said extends Ask | Ended>(
  frame: Buffer,
): { readonly said: Said; readonly bytes: Uint8Array } {
  try {
    const message = decodeMessage<Said>(frame);
    if (typeof message.said === 'object' && message.said !== null) return message;
  } catch (error) {
    throw new PluginEnded('it answered what is no message', { cause: error });
  }
  throw new PluginEnded('it answered what is no message');
}
