import { AlluviumError } from '#event-model';
import type { z } from 'zod';
import type { PluginManifest } from '../manifest.js';
import type { PluginProblem } from '../plugin-problem.js';

/** How a message came. */
export type InputTransport = 'udp' | 'tcp' | 'tls' | 'http' | 'kafka';

/** Who sent a message, as far as its transport tells. Addresses of datagrams can be forged. */
export interface InputPeer {
  /**
   * An IPv4 or IPv6 address; an IPv4 one that came over IPv6 may be written `::ffff:192.0.2.1`. Of `kafka`: the topic, since
   * a record doesn't say who sent it.
   */
  readonly address: string;
  readonly transport: InputTransport;
  /** Common name of the client's certificate, where one was asked for and verified. */
  readonly certificateName?: string;
}

/** Messages of one peer, in the order in which they came. */
export interface InputBatch {
  readonly peer: InputPeer;
  /**
   * Without their line ends. An LF within a message becomes `#012`, as syslog daemons write it, since a line is an event;
   * what is blank is counted and left out; what is longer than `messageBytes` is cut there. All of them together with 100
   * bytes each: at most 32 MiB.
   */
  readonly messages: readonly Uint8Array[];
  /** How many of them are only the first bytes of what came. Default 0. */
  readonly truncated?: number;
  /** `lines`: text for a parser. `ndjson`: a JSON event each. */
  readonly format: 'lines' | 'ndjson';
  /** Of `lines`: the parser where the rule of the peer names none. Default `auto`. */
  readonly parser?: string;
  /**
   * Names these messages for ever, within the input: of several batches with one key only the first is taken, for as long as
   * `idempotency_window_hours` says, also after `kill -9`. 1 to 255 characters.
   */
  readonly key?: string;
}

/**
 * `refused`: no rule of the input takes this peer, or the rule's stream takes no such messages. They were counted and dropped;
 * those of a batch with a key may be handed over again.
 */
export type InputAnswer = { readonly kind: 'accepted' } | { readonly kind: 'refused' };

/** Why an input drops messages, for the counter: 1 to 64 of a-z, 0-9 and _. */
export type DropReason = string;

export interface InputLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** All that an input gets from the host. */
export interface InputContext<Options> {
  /** The input's name, as its admin gave it. */
  readonly name: string;
  readonly options: Options;
  /** Bytes that a message may have. */
  readonly messageBytes: number;
  readonly logger: InputLogger;
  /**
   * Hands messages over. Resolves when they are durable, so read on only then: while the server has no room (its backlog
   * is full, the disk at its reserve) this waits, and what waits must stay bounded. `signal` ends the waiting.
   *
   * @throws InputBusyError where `signal` or the input's stop ended the waiting: nothing was written.
   */
  accept(batch: InputBatch, signal?: AbortSignal): Promise<InputAnswer>;
  /** Counts messages that were lost before `accept`. */
  dropped(reason: DropReason, messages: number, peer?: InputPeer): void;
  /** Counts connections as they come (1) and go (-1). */
  connection(change: 1 | -1): void;
  /** Tells that it listens no more though nobody stopped it. The host stops it, and starts a new one in its place. */
  failed(error: InputStartError): void;
  /** Reads a file that an option names, such as a private key: at most 1 MiB. @throws InputStartError */
  readSecret(path: string): Promise<Uint8Array>;
}

/** Where an input listens. */
export interface InputAddress {
  readonly transport: InputTransport;
  readonly host: string;
  readonly port: number;
}

/**
 * Takes messages from the network. An object is started once and stopped once; a restart is a new one.
 *
 * Lifecycle: `create` does nothing that must be undone; `start` resolves when it listens, or rejects and listens nowhere;
 * `stop` takes nothing new, hands over what was read whole, closes every connection and resolves within some seconds. It
 * is idempotent, and legal before `start`.
 */
export interface Input {
  /** @throws InputStartError */
  start(): Promise<readonly InputAddress[]>;
  stop(): Promise<void>;
}

/** What an input plugin brings. Make it with {@link defineInput}. */
export interface InputDeclaration {
  /** What its options hold; documented by `describe`, defaults filled in. */
  readonly options: z.ZodType;
  /** `context.options` is checked by `options` first. @throws ZodError */
  create(context: InputContext<unknown>): Input;
}

/** An input from the schema of its options and what makes it of checked ones. */
export function defineInput<S extends z.ZodType>(
  options: S,
  create: (context: InputContext<z.output<S>>) => Input,
): InputDeclaration {
  return {
    options,
    create: (context) => create({ ...context, options: options.parse(context.options) }),
  };
}

/** An input can't start: a port in use, a file that isn't there. Code `input_start_failed`. */
export class InputStartError extends AlluviumError {
  /** @param mend what its admin has to do */
  constructor(
    what: string,
    readonly mend: string,
    cause?: unknown,
  ) {
    super(what, { code: 'input_start_failed', retryable: true, cause });
  }
}

/** There was no room in time. Code `input_busy`; nothing was written. */
export class InputBusyError extends AlluviumError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'input_busy', retryable: true, cause });
  }
}

/** The name by which admins ask for an input: that of its plugin, without the kind. */
export function inputName(manifest: Pick<PluginManifest, 'name'>): string {
  return manifest.name.replace(/^input-/, '');
}

/** What keeps an input plugin from being loaded; empty where nothing does. */
export function inputProblems(input: unknown): readonly PluginProblem[] {
  const parts = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const problems: PluginProblem[] = [];
  const options = parts['options'] as { readonly safeParse?: unknown } | undefined;
  if (typeof options?.safeParse !== 'function')
    problems.push({ what: 'input.options is no schema', mend: 'give a zod schema to defineInput' });
  if (typeof parts['create'] !== 'function')
    problems.push({ what: 'input.create is no function', mend: 'make the input with defineInput' });
  return problems;
}
