import { formatTimestamp, nowNs } from '#event-model';
import {
  InputStartError,
  type Input,
  type InputAddress,
  type InputAnswer,
  type InputBatch,
  type InputContext,
  type InputLogger,
  type InputPeer,
  type InputPlugin,
} from '#plugin-kit';
import { InputCounters } from './input-counters.js';
import type { InputIntake, IntakeRequest } from './input-intake.js';
import type { InputRecord } from './input-record.js';
import { joinMessages } from './join-messages.js';
import { NewestMessages } from './newest-messages.js';
import { readSecret } from './read-secret.js';
import { plainAddress, SourceMap } from './source-rules.js';

/** How long what was read may wait for room once the input stops: milliseconds. */
const STOP_WAIT_MS = 5_000;
/** Milliseconds between two lines in the log about the same. */
const TELL_AGAIN_MS = 10_000;

const ACCEPTED: InputAnswer = { kind: 'accepted' };
const REFUSED: InputAnswer = { kind: 'refused' };

export type InputState = 'running' | 'stopped' | 'failed';

/** What went wrong last, and what to do about it. */
export interface InputTrouble {
  readonly at: string;
  readonly message: string;
  readonly mend?: string;
}

export interface RunnerNeeds {
  /** What brings inputs of its kind now; one from outside may be another one, or gone, at the next start. */
  readonly plugin: () => Pick<InputPlugin, 'input'>;
  readonly intake: Pick<InputIntake, 'accept' | 'messageBytes'>;
  readonly logger: InputLogger;
  /** Called when it listens no more though nobody stopped it. */
  readonly failed: () => void;
}

/** One input: its listeners while it runs, and what it counted since the server started. */
export class InputRunner {
  readonly counters = new InputCounters();
  readonly newest = new NewestMessages();
  #record: InputRecord;
  #sources: SourceMap;
  #input: Input | undefined;
  #startedBy: Pick<InputPlugin, 'input'> | undefined;
  #stopping = new AbortController();
  #state: InputState = 'stopped';
  #addresses: readonly InputAddress[] = [];
  #trouble: InputTrouble | undefined;
  readonly #told = new Map<string, number>();

  constructor(
    record: InputRecord,
    private readonly needs: RunnerNeeds,
  ) {
    this.#record = record;
    this.#sources = new SourceMap(record.sources);
  }

  get record(): InputRecord {
    return this.#record;
  }

  get state(): InputState {
    return this.#state;
  }

  /** Where it listens; empty unless it runs. */
  get addresses(): readonly InputAddress[] {
    return this.#addresses;
  }

  get trouble(): InputTrouble | undefined {
    return this.#trouble;
  }

  /** As the plugin reads them, defaults included; as given where it can't. */
  get optionsInForce(): Readonly<Record<string, unknown>> {
    const { options } = this.#record;
    const read = this.needs.plugin().input.options.safeParse(options);
    return read.success ? (read.data as Record<string, unknown>) : options;
  }

  /** Whether it was started by a version of its plugin that is not in force any more. */
  get isOutdated(): boolean {
    return this.#state === 'running' && this.#startedBy !== this.needs.plugin();
  }

  /** Takes on another record: other sources count from the next message on, other options from the next start. */
  change(record: InputRecord): void {
    this.#record = record;
    this.#sources = new SourceMap(record.sources);
  }

  /** Starts it where it doesn't run. Resolves however that ends; `state` says it. */
  async start(): Promise<void> {
    if (this.#state === 'running') return;
    this.#stopping = new AbortController();
    let input: Input | undefined;
    try {
      input = this.#create();
      this.#addresses = await input.start();
      this.#input = input;
      this.#state = 'running';
      this.#trouble = undefined;
      this.needs.logger.info({ input: this.#record.name, addresses: this.#addresses }, 'an input listens');
    } catch (error) {
      await input?.stop();
      this.#state = 'failed';
      this.#note(error);
    }
  }

  /** Takes nothing new, and resolves when what was read is durable, or was counted as dropped. */
  async stop(): Promise<void> {
    const input = this.#input;
    this.#input = undefined;
    this.#state = 'stopped';
    this.#addresses = [];
    const { signal } = this.#stopping;
    const late = setTimeout(() => this.#stopping.abort(), STOP_WAIT_MS);
    try {
      await input?.stop();
    } finally {
      clearTimeout(late);
      if (!signal.aborted) this.#stopping.abort();
    }
  }

  /** It ended by itself. */
  async #fail(error: InputStartError): Promise<void> {
    if (this.#state !== 'running') return;
    const [input, stopping] = [this.#input, this.#stopping];
    this.#input = undefined;
    this.#state = 'failed';
    this.#addresses = [];
    this.#note(error);
    stopping.abort();
    await input?.stop();
    this.needs.failed();
  }

  #create(): Input {
    const { intake, logger } = this.needs;
    const plugin = this.needs.plugin();
    this.#startedBy = plugin;
    const context: InputContext<unknown> = {
      name: this.#record.name,
      options: this.#record.options,
      messageBytes: intake.messageBytes,
      logger,
      accept: (batch, signal) => this.#accept(batch, signal),
      dropped: (reason, messages, peer) => this.#drop(reason, messages, peer),
      connection: (change) => void (this.counters.connections += change),
      failed: (error) => void this.#fail(error),
      readSecret,
    };
    return plugin.input.create(context);
  }

  async #accept(batch: InputBatch, signal?: AbortSignal): Promise<InputAnswer> {
    const { messages, peer, format } = batch;
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    const rule = this.#sources.find(peer);
    this.newest.note(messages, peer, rule !== undefined);
    if (!rule) {
      this.counters.refuse(plainAddress(peer.address), messages.length, bytes);
      return REFUSED;
    }
    const joined = joinMessages(messages, { format, maxBytes: this.needs.intake.messageBytes });
    this.counters.blank += joined.blank;
    if (joined.count === 0) return ACCEPTED;
    const stopped = this.#stopping.signal;
    const end = signal ? AbortSignal.any([signal, stopped]) : stopped;
    if (!(await this.#append({ input: this.#record.name, rule, batch, joined }, end))) return REFUSED;
    this.counters.truncated += joined.truncated + (batch.truncated ?? 0);
    this.counters.accepted(plainAddress(peer.address), joined.count, bytes);
    return ACCEPTED;
  }

  /** False where the messages can't be taken, now or later: they were counted as dropped. @throws InputBusyError */
  async #append(request: IntakeRequest & { readonly batch: InputBatch }, end: AbortSignal): Promise<boolean> {
    try {
      await this.needs.intake.accept(request, end, (problem) => this.#note(problem));
      return true;
    } catch (error) {
      if (end.aborted) throw error;
      this.#note(error);
      this.#drop(codeOf(error), request.joined.count, request.batch.peer);
      return false;
    }
  }

  #drop(reason: string, messages: number, peer?: InputPeer): void {
    this.counters.drop(reason, messages);
    const address = peer && plainAddress(peer.address);
    if (this.#isNews(reason))
      this.needs.logger.info(
        { input: this.#record.name, reason, address },
        'an input drops messages: its counters say how many',
      );
  }

  #note(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const mend = error instanceof InputStartError ? { mend: error.mend } : {};
    this.#trouble = { at: formatTimestamp(nowNs()), message, ...mend };
    if (this.#isNews(codeOf(error)))
      this.needs.logger.warn({ err: error, input: this.#record.name }, 'an input has trouble');
  }

  /** Whether the log hasn't heard of it for a while: what comes by the thousand is counted, not told one by one. */
  #isNews(what: string): boolean {
    const now = Date.now();
    if (now - (this.#told.get(what) ?? 0) < TELL_AGAIN_MS) return false;
    this.#told.set(what, now);
    return true;
  }
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
