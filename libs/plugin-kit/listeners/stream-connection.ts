import type { Socket } from 'node:net';
import type { InputBatch, InputContext, InputPeer } from '../kinds/input.js';
import type { Frame, MessageFramer } from '../scanners/framing.js';

/** What a connection's messages go to. */
export interface ConnectionNeeds extends Pick<InputBatch, 'format' | 'parser'> {
  readonly context: Pick<InputContext<unknown>, 'accept' | 'dropped' | 'connection'>;
  readonly framer: MessageFramer;
  readonly peer: InputPeer;
  readonly idleMs: number;
  /** Changes a message, or drops it: undefined. */
  readonly toMessage?: ((message: Uint8Array, peer: InputPeer) => Uint8Array | undefined) | undefined;
}

/** One connection: reads a chunk, hands its messages over, and reads on when they are durable. */
export class StreamConnection {
  #busy = false;
  #lastRead = Date.now();

  constructor(
    private readonly socket: Socket,
    private readonly needs: ConnectionNeeds,
  ) {}

  /** Whether nothing is being handed over and nothing has come for this many milliseconds. */
  isQuiet(ms: number): boolean {
    return !this.#busy && Date.now() - this.#lastRead >= ms;
  }

  /** Resolves when the connection is gone. Never rejects. */
  async run(): Promise<void> {
    this.needs.context.connection(1);
    this.socket.setTimeout(this.needs.idleMs, () => this.#onIdle());
    try {
      await this.#read();
    } finally {
      this.needs.context.connection(-1);
      this.socket.destroy();
    }
  }

  /** Ends without an answer; what was begun is lost, and counted. */
  close(): void {
    this.socket.destroy();
  }

  #onIdle(): void {
    if (this.#busy) this.socket.setTimeout(this.needs.idleMs);
    else this.close();
  }

  async #read(): Promise<void> {
    const { framer, context, peer } = this.needs;
    let ended = false;
    try {
      for await (const chunk of this.socket as AsyncIterable<Uint8Array>) {
        await this.#hand(framer.push(chunk));
        if (framer.broken !== undefined) return context.dropped(framer.broken, 1, peer);
      }
      ended = true;
    } catch {
      // A reset, or our own end of it: only what is whole counts.
    }
    const rest = framer.finish();
    const whole = ended ? rest.filter(({ fault }) => fault !== 'cut') : [];
    if (rest.length > whole.length) context.dropped('cut', rest.length - whole.length, peer);
    await this.#hand(whole).catch(() => undefined);
  }

  /** @throws where there is no room and the input ends: the messages are counted as dropped */
  async #hand(frames: readonly Frame[]): Promise<void> {
    this.#lastRead = Date.now();
    if (frames.length === 0) return;
    this.#busy = true;
    const messages = this.#messagesOf(frames);
    try {
      if (messages.length > 0) await this.needs.context.accept(this.#batch(messages, frames));
    } catch (error) {
      this.needs.context.dropped('no_room', messages.length, this.needs.peer);
      throw error;
    } finally {
      this.#busy = false;
      this.#lastRead = Date.now();
    }
  }

  #messagesOf(frames: readonly Frame[]): readonly Uint8Array[] {
    const { toMessage, peer } = this.needs;
    if (!toMessage) return frames.map(({ bytes }) => bytes);
    return frames.map(({ bytes }) => toMessage(bytes, peer)).filter((message) => message !== undefined);
  }

  #batch(messages: readonly Uint8Array[], frames: readonly Frame[]): InputBatch {
    const { peer, format, parser } = this.needs;
    const truncated = frames.filter(({ fault }) => fault === 'too_long').length;
    return { peer, messages, truncated, format, ...(parser !== undefined && { parser }) };
  }
}
