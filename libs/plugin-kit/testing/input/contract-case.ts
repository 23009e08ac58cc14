import { setTimeout as pause } from 'node:timers/promises';
import type { Input, InputAddress, InputDeclaration } from '#plugin-kit';
import { RecordingContext } from './recording-context.js';

/** An input under test, and how it is spoken to. */
export interface InputHarness {
  readonly input: InputDeclaration;
  /** Options with which it listens on one port of 127.0.0.1. 0: a free one. */
  options(port: number): Readonly<Record<string, unknown>>;
  /** Messages of its format, each another one. */
  readonly messages: readonly string[];
  /** Sends bytes as they are to where it listens, and resolves when they were sent. */
  sendBytes(address: InputAddress, bytes: Uint8Array): Promise<void>;
  /** Sends messages; over a connection all over the same one, which it closes. */
  send(address: InputAddress, messages: readonly string[]): Promise<void>;
  /** Whether a sender has to wait while there is no room: not so with datagrams. */
  readonly isStream: boolean;
}

/** Which sentence of the contract a case holds an input to. */
export type InputPromise = 'start' | 'deliver' | 'durable' | 'stop' | 'busy' | 'total';

export interface InputCase {
  readonly promise: InputPromise;
  readonly name: string;
  /** Throws where the promise is broken. */
  run(harness: InputHarness): Promise<void>;
}

export interface StartedInput {
  readonly input: Input;
  readonly host: RecordingContext;
  readonly address: InputAddress;
}

/** Starts an input for one case, and stops it whatever comes. */
export async function withInput(
  harness: InputHarness,
  use: (started: StartedInput) => Promise<void>,
): Promise<void> {
  const host = new RecordingContext();
  const input = harness.input.create(host.contextFor(harness.options(0)));
  try {
    const [address] = await input.start();
    if (!address) throw new Error('start said of no place where it listens');
    await use({ input, host, address });
  } finally {
    await input.stop();
  }
}

/** Milliseconds in which something that must come has to. */
const PATIENCE_MS = 5_000;

/** Waits until it is so; throws with the words where it never is. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(what);
    await pause(5);
  }
}
