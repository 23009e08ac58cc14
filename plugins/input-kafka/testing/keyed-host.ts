import type { InputBatch, InputContext, InputStartError } from '#plugin-kit';

/** A host that takes a key once, as the appliance does, and outlives the inputs of a test. */
export class KeyedHost {
  readonly taken: InputBatch[] = [];
  readonly failures: InputStartError[] = [];
  /** Keys that came again. */
  repeats = 0;
  /** Awaited before anything is taken. */
  gate: Promise<void> = Promise.resolve();
  /** Called when a batch is durable, before its input hears of it. */
  onTaken: () => void | Promise<void> = () => undefined;
  /** Whether sources have no entry for it. */
  refuses = false;
  readonly #keys = new Set<string>();

  /** Lines that were taken, in order. */
  get lines(): readonly string[] {
    return this.taken.flatMap(({ messages }) => messages.map((bytes) => Buffer.from(bytes).toString()));
  }

  /** Numbers `n` of the events that were taken. */
  get numbers(): readonly number[] {
    return this.lines.map((line) => (JSON.parse(line) as { readonly n: number }).n);
  }

  context(options: unknown): InputContext<unknown> {
    return {
      name: 'test',
      options,
      messageBytes: 64 * 1024,
      logger: { info: () => undefined, warn: () => undefined },
      accept: (batch) => this.#accept(batch),
      dropped: () => undefined,
      connection: () => undefined,
      failed: (error) => void this.failures.push(error),
      readSecret: () => Promise.reject(new Error('there are no secrets')),
    };
  }

  async #accept(batch: InputBatch): ReturnType<InputContext<unknown>['accept']> {
    await this.gate;
    if (this.refuses) return { kind: 'refused' };
    const key = String(batch.key);
    if (this.#keys.has(key)) this.repeats += 1;
    else this.taken.push(batch);
    this.#keys.add(key);
    await this.onTaken();
    return { kind: 'accepted' };
  }
}
