import { z } from 'zod';
import {
  defineInput,
  InputStartError,
  type Input,
  type InputAnswer,
  type InputContext,
  type InputPeer,
  type InputPlugin,
} from '#plugin-kit';

const options = z.strictObject({
  port: z.number().int(),
  secret: z.string().optional(),
  size: z.number().default(1),
});

/** An input without a network: the test says what comes. */
export class FakeInput implements Input {
  stopped = false;
  #listens = false;

  constructor(
    readonly context: InputContext<z.output<typeof options>>,
    private readonly inputs: FakeInputs,
  ) {}

  async start() {
    const { port, secret } = this.context.options;
    if (secret !== undefined) await this.context.readSecret(secret);
    if (this.inputs.portsInUse.has(port))
      throw new InputStartError(`The port ${port} is in use.`, 'Choose another port.');
    this.inputs.portsInUse.add(port);
    this.#listens = true;
    return [{ transport: 'tcp', host: '::', port }] as const;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.#listens) this.inputs.portsInUse.delete(this.context.options.port);
    this.#listens = false;
  }

  /** Messages come. */
  send(address: string, ...messages: readonly string[]): Promise<InputAnswer> {
    const peer: InputPeer = { address, transport: 'tcp' };
    return this.context.accept({
      peer,
      messages: messages.map((text) => Buffer.from(text)),
      format: 'lines',
    });
  }
}

/** The plugin `input-fake`, with what was made of it. */
export class FakeInputs {
  readonly made: FakeInput[] = [];

  constructor(readonly portsInUse = new Set<number>()) {}

  readonly plugin: InputPlugin = {
    kind: 'input',
    manifest: {
      ...{ name: 'input-fake', kind: 'input', version: '1.0.0', apiVersion: 1, stability: 'beta' },
      ...{ title: 'Fake', description: 'For tests.' },
    },
    input: defineInput(options, (context) => {
      const made = new FakeInput(context, this);
      this.made.push(made);
      return made;
    }),
  };

  /** The one that was made last. */
  get last(): FakeInput {
    const last = this.made.at(-1);
    if (!last) throw new Error('no input was made');
    return last;
  }
}
