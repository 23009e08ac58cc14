import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { InputAddress, InputBatch, InputContext, InputPeer } from '../kinds/input.js';
import { listenAt, listenError } from './listen-error.js';
import { readUdpDrops } from './udp-drops.js';

/** Bytes of datagrams that may wait for their commit. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
/** What one waiting datagram costs besides its bytes. */
const DATAGRAM_COST = 200;
const DROPS_EVERY_MS = 2_000;
/** A stop reads on until nothing came for so long. */
const QUIET_MS = 20;
const MOST_QUIET_WAITS = 10;

export interface DatagramListenerOptions extends Pick<InputBatch, 'format' | 'parser'> {
  readonly host: string;
  readonly port: number;
  readonly receiveBufferBytes: number;
  /** The message that a datagram is, or completes; undefined where there is none (yet). */
  readonly toMessage: (datagram: Uint8Array, peer: InputPeer) => Uint8Array | undefined;
}

/**
 * Takes datagrams over UDP. Those that come while others are made durable wait, within a bound; one more is dropped and
 * counted as `buffer_full`, and what the kernel drops as `kernel_buffer`.
 */
export class DatagramListener {
  #socket: Socket | undefined;
  #waiting = new Map<string, { readonly peer: InputPeer; readonly messages: Uint8Array[] }>();
  #waitingBytes = 0;
  #came = 0;
  #pumping: Promise<void> | undefined;
  #dropsTimer: NodeJS.Timeout | undefined;
  #dropsSeen = 0;
  #address: InputAddress | undefined;

  constructor(
    private readonly context: Pick<InputContext<unknown>, 'accept' | 'dropped' | 'logger'>,
    private readonly options: DatagramListenerOptions,
  ) {}

  /** @throws InputStartError */
  async start(): Promise<InputAddress> {
    const { host, port } = this.options;
    try {
      this.#socket = await listenAt(host, (at) => this.#bind(at, port));
    } catch (error) {
      throw listenError(error, { transport: 'udp', host, port });
    }
    const bound = this.#socket.address();
    this.#address = { transport: 'udp', host: bound.address, port: bound.port };
    this.#dropsTimer = setInterval(() => void this.#countDrops(), DROPS_EVERY_MS);
    this.#dropsTimer.unref();
    return this.#address;
  }

  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    for (let waits = 0, before = -1; waits < MOST_QUIET_WAITS && before !== this.#came; waits += 1) {
      before = this.#came;
      await pause(QUIET_MS);
    }
    clearInterval(this.#dropsTimer);
    await this.#countDrops();
    socket.close();
    await this.#pumping;
  }

  async #bind(host: string, port: number): Promise<Socket> {
    const { receiveBufferBytes: recvBufferSize } = this.options;
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize });
    socket.on('message', (datagram, from) => this.#take(datagram, from));
    try {
      socket.bind(port, host);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('error', (error) => this.context.logger.warn({ err: error }, 'a UDP socket has an error'));
    return socket;
  }

  #take(datagram: Buffer, { address }: RemoteInfo): void {
    const peer: InputPeer = { address, transport: 'udp' };
    this.#came += 1;
    const message = this.options.toMessage(datagram, peer);
    if (!message) return;
    const bytes = message.length + DATAGRAM_COST;
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) return this.context.dropped('buffer_full', 1, peer);
    this.#waitingBytes += bytes;
    const waiting = this.#waiting.get(address);
    if (waiting) waiting.messages.push(message);
    else this.#waiting.set(address, { peer, messages: [message] });
    this.#pumping ??= this.#pump();
  }

  /** Hands over what waits, of all peers at once, so that they share a commit. */
  async #pump(): Promise<void> {
    while (this.#waiting.size > 0) {
      // What comes in the same turn goes along.
      await nextTurn();
      const batches = [...this.#waiting.values()];
      const bytes = this.#waitingBytes;
      this.#waiting = new Map();
      await Promise.all(batches.map((batch) => this.#hand(batch)));
      this.#waitingBytes -= bytes;
    }
    this.#pumping = undefined;
  }

  async #hand(batch: { readonly peer: InputPeer; readonly messages: readonly Uint8Array[] }): Promise<void> {
    const { format, parser } = this.options;
    try {
      await this.context.accept({ ...batch, format, ...(parser !== undefined && { parser }) });
    } catch {
      this.context.dropped('no_room', batch.messages.length, batch.peer);
    }
  }

  async #countDrops(): Promise<void> {
    if (!this.#address) return;
    const drops = await readUdpDrops(this.#address.port);
    if (drops === undefined || drops <= this.#dropsSeen) return;
    this.context.dropped('kernel_buffer', drops - this.#dropsSeen);
    this.#dropsSeen = drops;
  }
}
