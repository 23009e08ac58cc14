import { mkdir, realpath } from 'node:fs/promises';
import { ChangeQueue } from '#catalogue';
import { manifestOptions, type KeptUnit, type PluginManifest } from '#plugin-kit';
import type { HostedTier, TierPlace } from '../tiers/hosted-tier.js';
import type { OutsideObject, Reply } from './outside-object.js';
import type { OutsideObjects } from './outside-objects.js';
import { startAgain } from './start-parser.js';
import type { Ask, ObjectCall } from './process/messages.js';

/** How long one that failed again and again is left alone: milliseconds. */
const REST_MS = 60_000;

/** What a call of a tier has to do with bytes. */
interface Flow {
  /** The next lines; undefined behind the last. */
  readonly next?: () => Promise<Uint8Array | undefined>;
  readonly keep?: (piece: Uint8Array) => Promise<void>;
}

/** A tier in processes of its own: one writes and removes, one reads, so that a long write holds up no question. */
export class OutsideTier implements HostedTier {
  readonly #writer: Part;
  readonly #reader: Part;

  constructor(manifest: PluginManifest, objects: OutsideObjects, place: () => TierPlace) {
    const make = (): Part => new Part(manifest, objects, place);
    this.#writer = make();
    this.#reader = make();
  }

  async write(unit: KeptUnit, lines: AsyncIterable<Uint8Array>): Promise<void> {
    const source = lines[Symbol.asyncIterator]();
    let isRead = false;
    const next = async (): Promise<Uint8Array | undefined> => {
      const { done, value } = await source.next();
      isRead = done === true;
      return done ? undefined : value;
    };
    try {
      await this.#writer.call({ call: 'write', unit }, { next });
    } finally {
      await source.return?.();
    }
    if (!isRead) throw new Error('it did not read all lines');
  }

  async *read(unit: KeptUnit): AsyncGenerator<Uint8Array> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    // What whoever reads no longer wants is refused to the plugin.
    writer.closed.catch(() => undefined);
    const done = this.#reader
      .call({ call: 'read', unit }, { keep: (piece) => writer.write(piece) })
      .then(() => writer.close())
      .catch((error: unknown) => writer.abort(error).catch(() => undefined));
    yield* readable;
    await done;
  }

  async remove(unit: KeptUnit): Promise<void> {
    await this.#writer.call({ call: 'remove', unit }, {});
  }

  /** Resolves when what is under way is done; what is asked afterwards fails. */
  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#reader.close()]);
  }
}

/** One of the tier's processes, which runs from its first call on. */
class Part {
  /** One call after the other, each with bytes of its own. */
  readonly #calls = new ChangeQueue();
  #object: OutsideObject | undefined;
  #flow: Flow = {};
  #isClosed = false;

  constructor(
    private readonly manifest: PluginManifest,
    private readonly objects: OutsideObjects,
    private readonly place: () => TierPlace,
  ) {}

  async call(call: ObjectCall, flow: Flow): Promise<void> {
    await this.#calls.run(async () => {
      if (this.#isClosed) throw new Error('its plugin was replaced: try again');
      const object = (this.#object ??= await this.#make());
      const { takenOut } = object;
      if (takenOut && Date.now() - Date.parse(takenOut.at) > REST_MS) object.resume();
      if (!object.isOpen) await object.open();
      this.#flow = flow;
      try {
        await object.call(call);
      } finally {
        this.#flow = {};
      }
    });
  }

  async close(): Promise<void> {
    await this.#calls.run(async () => {
      this.#isClosed = true;
      await this.#object?.close();
    });
  }

  async #make(): Promise<OutsideObject> {
    const { directory: wanted, isMade, options } = this.place();
    const checked = manifestOptions(this.manifest).parse(options);
    if (isMade) await mkdir(wanted, { recursive: true, mode: 0o700 });
    // The process may go by this path alone.
    const directory = await realpath(wanted);
    const { staged, budgets } = this.objects.parts;
    return this.objects.make({
      options: { options: checked, directory },
      start: () => startAgain({ ...staged, directory }, budgets),
      answer: (ask, bytes) => this.#answer(ask, bytes),
    });
  }

  async #answer(ask: Ask, bytes: Uint8Array): Promise<Reply> {
    const { next, keep } = this.#flow;
    if (ask.ask === 'lines' && next) {
      const lines = await next();
      return lines ? { value: true, bytes: lines } : { value: false };
    }
    if (ask.ask !== 'keep' || !keep) throw new Error(`a tier gets no ${ask.ask} here`);
    await keep(bytes);
    return {};
  }
}
