import {
  DatagramListener,
  NulFramer,
  readTlsFiles,
  streamLimits,
  StreamListener,
  type Input,
  type InputAddress,
  type InputContext,
  type InputPeer,
  type TlsFiles,
} from '#plugin-kit';
import { ChunkAssembler, isChunk } from './chunk-assembler.js';
import { decodePayload, PayloadError } from './decode-payload.js';
import { GelfHttp } from './gelf-http.js';
import type { GelfOptions } from './gelf-options.js';

const LAYOUT = { format: 'lines', parser: 'gelf' } as const;
/** Bytes of incomplete messages that are kept. */
const MAX_INCOMPLETE_BYTES = 32 * 1024 * 1024;
const EXPIRE_EVERY_MS = 1_000;

/** Takes GELF over each of the ports that are set. */
export class GelfInput implements Input {
  readonly #chunks = new ChunkAssembler(MAX_INCOMPLETE_BYTES);
  #listeners: readonly (DatagramListener | StreamListener | GelfHttp)[] = [];
  #expiry: NodeJS.Timeout | undefined;

  constructor(private readonly context: InputContext<GelfOptions>) {}

  async start(): Promise<readonly InputAddress[]> {
    const { udp_port, tcp_port, http_port, tls } = this.context.options;
    const files = tls && (await readTlsFiles(this.context, tls));
    this.#listeners = [
      ...(udp_port === undefined ? [] : [this.#datagrams(udp_port)]),
      ...(tcp_port === undefined ? [] : [this.#streams(tcp_port, files)]),
      ...(http_port === undefined ? [] : [new GelfHttp(this.context, http_port, files)]),
    ];
    const addresses: InputAddress[] = [];
    for (const listener of this.#listeners) addresses.push(await listener.start());
    this.#expiry = setInterval(() => this.#expire(), EXPIRE_EVERY_MS);
    this.#expiry.unref();
    return addresses;
  }

  async stop(): Promise<void> {
    clearInterval(this.#expiry);
    await Promise.all(this.#listeners.map((listener) => listener.stop()));
    const { size } = this.#chunks;
    if (size > 0) this.context.dropped('chunks_missing', size);
  }

  #datagrams(port: number): DatagramListener {
    const { host, receive_buffer_bytes: receiveBufferBytes } = this.context.options;
    const toMessage = (datagram: Uint8Array, peer: InputPeer): Uint8Array | undefined =>
      this.#assemble(datagram, peer);
    return new DatagramListener(this.context, { ...LAYOUT, host, port, receiveBufferBytes, toMessage });
  }

  #streams(port: number, tls: TlsFiles | undefined): StreamListener {
    const { options, messageBytes } = this.context;
    return new StreamListener(this.context, {
      ...LAYOUT,
      ...streamLimits(options),
      port,
      ...(tls && { tls }),
      newFramer: () => new NulFramer(messageBytes),
      toMessage: (message, peer) => this.#decode(message, peer),
    });
  }

  #assemble(datagram: Uint8Array, peer: InputPeer): Uint8Array | undefined {
    if (!isChunk(datagram)) return this.#decode(datagram, peer);
    const outcome = this.#chunks.add(datagram, peer.address);
    if (outcome.kind === 'whole') return this.#decode(outcome.payload, peer);
    if (outcome.kind === 'dropped') this.context.dropped(outcome.reason, 1, peer);
    return undefined;
  }

  #decode(payload: Uint8Array, peer: InputPeer): Uint8Array | undefined {
    try {
      return decodePayload(payload, this.context.messageBytes);
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      this.context.dropped(error.reason, 1, peer);
      return undefined;
    }
  }

  #expire(): void {
    const expired = this.#chunks.expire();
    if (expired > 0) this.context.dropped('chunks_missing', expired);
  }
}
