import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { InputAddress, InputBatch, InputContext, InputPeer } from '../kinds/input.js';
import type { MessageFramer } from '../scanners/framing.js';
import { listenAt, listenError } from './listen-error.js';
import type { TlsFiles } from './listener-options.js';
import { StreamConnection, type ConnectionNeeds } from './stream-connection.js';

const HANDSHAKE_MS = 10_000;
/** Bytes that a connection may gather while what was read before is made durable: the next batch. */
const GATHER_BYTES = 256 * 1024;
const SOCKET = { noDelay: true, keepAlive: true, highWaterMark: GATHER_BYTES } as const;
/** A stop reads on until nothing came for so long, but not for ever. */
const QUIET_MS = 150;
const LONGEST_STOP_MS = 3_000;
const LOOK_MS = 25;

export interface StreamListenerOptions
  extends Pick<InputBatch, 'format' | 'parser'>, Pick<ConnectionNeeds, 'toMessage' | 'idleMs'> {
  readonly host: string;
  readonly port: number;
  /** With it, TLS 1.2 or newer. */
  readonly tls?: TlsFiles;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly newFramer: () => MessageFramer;
}

/**
 * Takes messages over TCP or TLS. A connection is read on when its messages are durable, so a sender that is too fast, or
 * a server without room, fills the sender's own buffers. Connections beyond the limits are closed as they come.
 */
export class StreamListener {
  readonly #connections = new Map<StreamConnection, Socket>();
  readonly #running = new Set<Promise<void>>();
  readonly #perAddress = new Map<string, number>();
  readonly #transport: 'tcp' | 'tls';
  #server: Server | undefined;

  constructor(
    private readonly context: Pick<InputContext<unknown>, 'accept' | 'dropped' | 'connection' | 'logger'>,
    private readonly options: StreamListenerOptions,
  ) {
    this.#transport = options.tls ? 'tls' : 'tcp';
  }

  /** @throws InputStartError */
  async start(): Promise<InputAddress> {
    const { host, port } = this.options;
    const transport = this.#transport;
    try {
      this.#server = await listenAt(host, (at) => this.#listen(at, port));
    } catch (error) {
      throw listenError(error, { transport, host, port });
    }
    const bound = this.#server.address() as AddressInfo;
    return { transport, host: bound.address, port: bound.port };
  }

  /** Tells senders that it ends (FIN), reads what is on its way, and closes. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.close();
    for (const socket of this.#connections.values()) socket.end();
    const deadline = Date.now() + LONGEST_STOP_MS;
    while (this.#connections.size > 0) {
      // Looks after a pause: where this process stood still, what came meanwhile is read in it.
      await pause(LOOK_MS);
      const isLate = Date.now() > deadline;
      for (const connection of this.#connections.keys())
        if (isLate || connection.isQuiet(QUIET_MS)) connection.close();
      if (isLate) break;
    }
    await Promise.all(this.#running);
  }

  async #listen(host: string, port: number): Promise<Server> {
    const server = this.#create();
    server.maxConnections = this.options.maxConnections;
    server.on('drop', () => this.context.dropped('connection_refused', 1));
    server.listen(port, host);
    await once(server, 'listening');
    server.on('error', (error) => this.context.logger.warn({ err: error }, 'a listener has an error'));
    return server;
  }

  #create(): Server {
    const { tls } = this.options;
    if (!tls) return createServer(SOCKET, (socket) => this.#onConnection(socket));
    const { cert, key, ca, ...asked } = tls;
    const pem = { cert: Buffer.from(cert), key: Buffer.from(key), ...(ca && { ca: Buffer.from(ca) }) };
    const options = {
      ...SOCKET,
      ...pem,
      ...asked,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS,
    } as const;
    return createTlsServer(options, (socket) => this.#onConnection(socket)).on(
      'tlsClientError',
      (error, socket) => {
        this.context.dropped('tls_failed', 1, peerOf(socket, 'tls'));
        this.context.logger.info({ err: error }, 'a client gave up its TLS handshake');
        socket.destroy();
      },
    );
  }

  #onConnection(socket: Socket): void {
    socket.on('error', () => undefined);
    const peer = peerOf(socket, this.#transport);
    const open = this.#perAddress.get(peer.address) ?? 0;
    if (open >= this.options.maxConnectionsPerAddress || !this.#server) {
      socket.destroy();
      return this.context.dropped('connection_refused', 1, peer);
    }
    this.#perAddress.set(peer.address, open + 1);
    const running = this.#serve(socket, peer).finally(() => {
      this.#running.delete(running);
      const left = (this.#perAddress.get(peer.address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(peer.address, left);
      else this.#perAddress.delete(peer.address);
    });
    this.#running.add(running);
  }

  async #serve(socket: Socket, peer: InputPeer): Promise<void> {
    const { format, parser, idleMs, newFramer, toMessage } = this.options;
    const needs = { context: this.context, framer: newFramer(), peer, idleMs, toMessage, format };
    const connection = new StreamConnection(socket, parser === undefined ? needs : { ...needs, parser });
    this.#connections.set(connection, socket);
    await connection.run().finally(() => this.#connections.delete(connection));
  }
}

function peerOf(socket: Socket | TLSSocket, transport: 'tcp' | 'tls'): InputPeer {
  const address = socket.remoteAddress ?? 'unknown';
  const name = 'authorized' in socket && socket.authorized ? commonName(socket) : undefined;
  return { address, transport, ...(name !== undefined && { certificateName: name }) };
}

function commonName(socket: TLSSocket): string | undefined {
  const subject = socket.getPeerCertificate().subject as
    { readonly CN?: string | readonly string[] } | undefined;
  const name = subject?.CN;
  return typeof name === 'string' ? name : name?.[0];
}
