import {
  InputBusyError,
  InputStartError,
  type Input,
  type InputAddress,
  type InputContext,
} from '#plugin-kit';
import { joinedProblems } from '../plugin-troubles.js';
import { costOf, type InputTold } from './input-messages.js';
import type { InputProcess } from './input-process.js';

/** Milliseconds that an outside input may take to stop: what it read is handed over until then. */
const STOP_MS = 8_000;
/** Bytes that may wait to be durable. The context in the process keeps to a quarter of it. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
const MEND = 'Mend the plugin and trust it again: alluvium plugin trust FOLDER.';

/** How a start ends. */
type Started = Extract<InputTold, { readonly kind: 'started' | 'not-started' | 'problems' }>;

export interface OutsideInputParts {
  /** Starts the process. @throws InputStartError where the plugin was taken out */
  readonly open: (told: (message: InputTold) => void) => Promise<InputProcess>;
  /** Milliseconds until it listens. */
  readonly startMs: number;
  /** Its process ended though nobody stopped it. */
  readonly ended: (why: string) => void;
  /** It is done with the plugin's files. */
  readonly closed: () => void;
}

/**
 * One input of an outside plugin, in a process of its own: what it throws, and what never ends or takes too much memory,
 * ends that process. Then the host is told that the input failed, and starts it again.
 */
export class OutsideInput implements Input {
  #process: InputProcess | undefined;
  #state: 'new' | 'starting' | 'listening' | 'stopped' = 'new';
  #waitingBytes = 0;
  #connections = 0;
  readonly #waiting = new Map<number, AbortController>();
  #settle: ((message: Started) => void) | undefined;
  #stopped: (() => void) | undefined;

  constructor(
    private readonly context: InputContext<unknown>,
    private readonly parts: OutsideInputParts,
  ) {}

  async start(): Promise<readonly InputAddress[]> {
    this.#state = 'starting';
    const answer = new Promise<Started>((resolve) => (this.#settle = resolve));
    const running = await this.parts.open((message) => this.#take(message));
    this.#process = running;
    void running.ended.then((why) => this.#onEnd(why));
    const late = setTimeout(
      () => void running.kill(`starting took longer than ${this.parts.startMs} ms`),
      this.parts.startMs,
    );
    const first = await Promise.race([answer, running.ended]).finally(() => clearTimeout(late));
    if (typeof first === 'string') throw new InputStartError(`Its process ended: ${first}.`, MEND);
    if (first.kind === 'problems') throw new InputStartError(joinedProblems(first.problems), MEND);
    if (first.kind === 'not-started') throw new InputStartError(first.message, first.mend ?? MEND);
    this.#state = 'listening';
    return first.addresses;
  }

  async stop(): Promise<void> {
    const [running, before] = [this.#process, this.#state];
    this.#state = 'stopped';
    this.#process = undefined;
    if (running && before === 'listening') await this.#askToStop(running);
    await running?.kill('it was stopped');
    if (before !== 'stopped') this.parts.closed();
  }

  /** Meanwhile it hands over what it has read. */
  async #askToStop(running: InputProcess): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve;
      late = setTimeout(resolve, STOP_MS);
    });
    running.send({ kind: 'stop' });
    await Promise.race([stopped, running.ended]);
    clearTimeout(late);
  }

  #take(message: InputTold): void {
    if (message.kind === 'ready') this.#begin();
    else if (message.kind === 'accept') void this.#accept(message);
    else if (message.kind === 'abort') this.#waiting.get(message.id)?.abort();
    else if (message.kind === 'read-secret') void this.#readSecret(message);
    else if (message.kind === 'dropped') this.context.dropped(message.reason, message.messages, message.peer);
    else if (message.kind === 'connection') this.#count(message.change);
    else if (message.kind === 'log')
      this.context.logger[message.level]({ input: this.context.name }, message.message);
    else if (message.kind === 'stopped') this.#stopped?.();
    else if (message.kind === 'failed')
      this.context.failed(new InputStartError(message.message, message.mend));
    else if (message.kind !== 'pong') this.#settle?.(message);
  }

  #begin(): void {
    const { name, options, messageBytes } = this.context;
    this.#process?.send({ kind: 'start', name, options, messageBytes });
  }

  async #accept({ id, batch }: Extract<InputTold, { kind: 'accept' }>): Promise<void> {
    const running = this.#process;
    const bytes = costOf(batch);
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > MOST_WAITING_BYTES)
      void running?.kill(`it handed over more than ${MOST_WAITING_BYTES / 2 ** 20} MiB without waiting`);
    const aborting = new AbortController();
    this.#waiting.set(id, aborting);
    try {
      running?.send({ kind: 'answered', id, answer: await this.context.accept(batch, aborting.signal) });
    } catch (error) {
      const message = error instanceof InputBusyError ? error.message : 'It could not be taken.';
      running?.send({ kind: 'refused', id, message });
    } finally {
      this.#waiting.delete(id);
      this.#waitingBytes -= bytes;
    }
  }

  /** Only what an option names is read for it. */
  async #readSecret({ id, path }: Extract<InputTold, { kind: 'read-secret' }>): Promise<void> {
    const running = this.#process;
    try {
      if (!namesText(this.context.options, path))
        throw new InputStartError(`No option names the file ${path}.`, 'Name it in an option.');
      running?.send({ kind: 'secret', id, bytes: await this.context.readSecret(path) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      running?.send({
        kind: 'refused',
        id,
        message,
        ...(error instanceof InputStartError && { mend: error.mend }),
      });
    }
  }

  /** No more are closed than were opened. */
  #count(change: 1 | -1): void {
    if (this.#connections + change < 0) return;
    this.#connections += change;
    this.context.connection(change);
  }

  #onEnd(why: string): void {
    for (const aborting of this.#waiting.values()) aborting.abort();
    while (this.#connections > 0) this.#count(-1);
    if (this.#state === 'stopped') return;
    this.parts.ended(why);
    if (this.#state === 'listening')
      this.context.failed(new InputStartError(`Its process ended: ${why}.`, MEND));
  }
}

function namesText(value: unknown, text: string): boolean {
  if (typeof value !== 'object' || value === null) return value === text;
  return Object.values(value).some((member) => namesText(member, text));
}
