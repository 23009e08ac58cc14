import {
  InputStartError,
  type Input,
  type InputAddress,
  type InputAnswer,
  type InputBatch,
  type InputContext,
  type InputLogger,
  type InputPeer,
} from '#plugin-kit';
import { boundedLogger } from './bounded-logger.js';
import { HeldVersion, type InputSource } from './held-version.js';
import { InputCounters } from './input-counters.js';
import type { InputIntake, IntakeRequest } from './input-intake.js';
import type { InputRecord } from './input-record.js';
import { codeOf, InputTroubles, type InputTrouble } from './input-troubles.js';
import { joinMessages } from './join-messages.js';
import { NewestMessages } from './newest-messages.js';
import { readSecret } from './read-secret.js';
import { plainAddress, SourceMap } from './source-rules.js';

/** How long what was read may wait for room once the input stops: milliseconds. */
const STOP_WAIT_MS = 5_000;

const ACCEPTED: InputAnswer = { kind: 'accepted' };
const REFUSED: InputAnswer = { kind: 'refused' };

export type InputState = 'running' | 'stopped' | 'failed';

export interface RunnerNeeds {
  /** What brings inputs of its kind now; one from outside may be another one, or gone, at the next start. */
  readonly plugin: () => InputSource;
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
  #startedBy: InputSource | undefined;
  /** The version that worked last, where it is not the one in force. */
  #held: HeldVersion | undefined;
  /** The version in force, where it did not start. */
  #refused: InputSource | undefined;
  #stopping = new AbortController();
  #state: InputState = 'stopped';
  #addresses: readonly InputAddress[] = [];
  readonly #troubles: InputTroubles;

  constructor(
    record: InputRecord,
    private readonly needs: RunnerNeeds,
  ) {
    this.#record = record;
    this.#sources = new SourceMap(record.sources);
    this.#troubles = new InputTroubles(needs.logger, record.name);
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
    return this.#troubles.last;
  }

  /** As the plugin reads them, defaults included; as given where it can't. */
  get optionsInForce(): Readonly<Record<string, unknown>> {
    const { options } = this.#record;
    const read = this.needs.plugin().input.options.safeParse(options);
    return read.success ? (read.data as Record<string, unknown>) : options;
  }

  /** Whether another version of its plugin is in force than the one that started it, and was not tried yet. */
  get isOutdated(): boolean {
    const inForce = this.needs.plugin();
    return this.#state === 'running' && this.#startedBy !== inForce && this.#refused !== inForce;
  }

  /** Takes on another record: other sources count from the next message on, other options from the next start. */
  change(record: InputRecord): void {
    this.#record = record;
    this.#sources = new SourceMap(record.sources);
  }

  /**
   * Starts it where it doesn't run: by the version of its plugin that is in force, else by the one that worked before. Resolves
   * however that ends; `state` and `trouble` say it.
   */
  async start(): Promise<void> {
    if (this.#state === 'running') return;
    const inForce = this.needs.plugin();
    const isStarted = await this.#startBy(inForce);
    const before = inForce.manifest && this.#held?.source;
    if (isStarted || !before) {
      this.#refused = undefined;
      return this.#letGo();
    }
    this.#refused = inForce;
    const why = this.#troubles.last;
    if (await this.#startBy(before)) this.#troubles.last = why && stayed(why, inForce, before);
    else this.#troubles.last = why;
  }

  async #startBy(source: InputSource): Promise<boolean> {
    this.#stopping = new AbortController();
    let input: Input | undefined;
    try {
      input = this.#create(source);
      this.#addresses = await input.start();
      this.#input = input;
      this.#startedBy = source;
      this.#state = 'running';
      this.#troubles.last = undefined;
      this.needs.logger.info({ input: this.#record.name, addresses: this.#addresses }, 'an input listens');
      return true;
    } catch (error) {
      await input?.stop();
      this.#state = 'failed';
      this.#troubles.note(error);
      return false;
    }
  }

  /** Takes nothing new, and resolves when what was read is durable, or was counted as dropped. */
  async stop(): Promise<void> {
    await this.rest();
    await this.#letGo();
  }

  /** Stops it to be started again at once: the version of its plugin that worked stays at hand. */
  async rest(): Promise<void> {
    const source = this.#startedBy;
    if (source && source !== this.needs.plugin() && this.#state === 'running')
      this.#held ??= new HeldVersion(source, (one) => this.#create(one));
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

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.release();
  }

  /** It ended by itself. */
  async #fail(error: InputStartError): Promise<void> {
    if (this.#state !== 'running') return;
    const [input, stopping] = [this.#input, this.#stopping];
    this.#input = undefined;
    this.#state = 'failed';
    this.#addresses = [];
    this.#troubles.note(error);
    stopping.abort();
    await input?.stop();
    this.needs.failed();
  }

  #create(source: InputSource): Input {
    const { intake, logger } = this.needs;
    const { name } = this.#record;
    const context: InputContext<unknown> = {
      name,
      options: this.#record.options,
      messageBytes: intake.messageBytes,
      logger: boundedLogger(logger, name),
      accept: (batch, signal) => this.#accept(batch, signal),
      dropped: (reason, messages, peer) => this.#drop(reason, messages, peer),
      connection: (change) => void (this.counters.connections += change),
      failed: (error) => void this.#fail(error),
      readSecret,
    };
    return source.input.create(context);
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

  /** False where the messages can't be taken, now or later: those without a key were counted as dropped. @throws InputBusyError */
  async #append(request: IntakeRequest & { readonly batch: InputBatch }, end: AbortSignal): Promise<boolean> {
    try {
      await this.needs.intake.accept(request, end, (problem) => this.#troubles.note(problem));
      return true;
    } catch (error) {
      if (end.aborted) throw error;
      this.#troubles.note(error);
      // Who names its batches still has them, and hands them over again.
      if (request.batch.key === undefined)
        this.#drop(codeOf(error), request.joined.count, request.batch.peer);
      return false;
    }
  }

  #drop(reason: string, messages: number, peer?: InputPeer): void {
    const known = this.counters.drop(reason, messages);
    this.#troubles.dropped(known, peer && plainAddress(peer.address));
  }
}

/** @param why the version in force did not start */
function stayed(why: InputTrouble, inForce: InputSource, before: InputSource): InputTrouble {
  const [after, old] = [inForce, before].map(({ manifest }) => manifest?.version ?? '?');
  const message = `The version ${after} of its plugin does not start it: ${why.message} The version ${old} goes on.`;
  return { ...why, message };
}
