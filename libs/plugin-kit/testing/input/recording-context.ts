import { InputBusyError, type InputBatch, type InputContext, type InputStartError } from '#plugin-kit';

/** Bytes of a message in the contract. */
export const MESSAGE_BYTES = 64 * 1024;

/** A host that keeps what an input hands over, and answers as the test says. */
export class RecordingContext {
  readonly batches: InputBatch[] = [];
  readonly dropped = new Map<string, number>();
  /** Calls of `accept` that are not answered yet. */
  open = 0;
  mostOpen = 0;
  connections = 0;
  /** Why it said that it listens no more. */
  readonly failures: InputStartError[] = [];
  /** What `accept` waits for before it answers. */
  gate: Promise<void> = Promise.resolve();
  /** Whether there is no room. */
  busy = false;

  /** Messages that were accepted, as text. */
  get messages(): readonly string[] {
    return this.batches.flatMap(({ messages }) => messages.map((bytes) => Buffer.from(bytes).toString()));
  }

  contextFor(options: unknown): InputContext<unknown> {
    return {
      name: 'contract',
      options,
      messageBytes: MESSAGE_BYTES,
      logger: { info: () => undefined, warn: () => undefined },
      accept: (batch) => this.#accept(batch),
      dropped: (reason, messages) =>
        void this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + messages),
      connection: (change) => void (this.connections += change),
      failed: (error) => void this.failures.push(error),
      readSecret: () => Promise.reject(new Error('the contract has no secrets')),
    };
  }

  async #accept(batch: InputBatch): ReturnType<InputContext<unknown>['accept']> {
    const copy = { ...batch, messages: batch.messages.map((message) => Uint8Array.from(message)) };
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      await this.gate;
      if (this.busy) throw new InputBusyError('There is no room.');
      this.batches.push(copy);
      return { kind: 'accepted' };
    } finally {
      this.open -= 1;
    }
  }
}
