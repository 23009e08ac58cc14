import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  listenAt,
  listenError,
  type InputAddress,
  type InputContext,
  type InputPeer,
  type TlsFiles,
} from '#plugin-kit';
import { decodePayload, PayloadError } from './decode-payload.js';
import type { GelfOptions } from './gelf-options.js';

const PATH = '/gelf';
/** How long a request waits for room before it is told to come again: milliseconds. */
const PATIENCE_MS = 5_000;
const RETRY_AFTER_S = 5;
const STATUS_OF = { not_decodable: 400, too_large: 413, empty: 400 } as const;

/** Takes `POST /gelf`, a message a request, compressed or not. 202 means durable; 503 that there was no room. */
export class GelfHttp {
  #server: Server | undefined;

  constructor(
    private readonly context: InputContext<GelfOptions>,
    private readonly port: number,
    private readonly tls?: TlsFiles,
  ) {}

  /** @throws InputStartError */
  async start(): Promise<InputAddress> {
    const { host } = this.context.options;
    try {
      this.#server = await listenAt(host, (at) => this.#listen(at));
    } catch (error) {
      throw listenError(error, { transport: 'http', host, port: this.port });
    }
    const bound = this.#server.address() as AddressInfo;
    return { transport: 'http', host: bound.address, port: bound.port };
  }

  /** Requests under way are answered. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const late = setTimeout(() => server.closeAllConnections(), PATIENCE_MS + 1_000);
    await closed;
    clearTimeout(late);
  }

  async #listen(host: string): Promise<Server> {
    const server = this.#create((request, response) => void this.#answer(request, response));
    server.maxConnections = this.context.options.max_connections;
    server.on('connection', (socket) => {
      this.context.connection(1);
      socket.once('close', () => this.context.connection(-1));
    });
    server.on('drop', () => this.context.dropped('connection_refused', 1));
    server.listen(this.port, host);
    await once(server, 'listening');
    return server;
  }

  #create(listener: RequestListener): Server {
    const { idle_seconds } = this.context.options;
    const limits = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: idle_seconds * 1_000 };
    if (!this.tls) return createServer(limits, listener);
    const { cert, key, ca, ...asked } = this.tls;
    const pem = { cert: Buffer.from(cert), key: Buffer.from(key), ...(ca && { ca: Buffer.from(ca) }) };
    return createTlsServer({ ...limits, ...pem, ...asked }, listener);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const status = await this.#take(request);
      if (status === 503) response.setHeader('retry-after', String(RETRY_AFTER_S));
      if (!this.#server || status === 413) response.setHeader('connection', 'close');
      response.writeHead(status).end();
    } catch {
      // The client left before its request was whole.
      response.destroy();
    }
  }

  async #take(request: IncomingMessage): Promise<number> {
    if (request.url?.split('?')[0] !== PATH) return 404;
    if (request.method !== 'POST') return 405;
    const peer: InputPeer = { address: request.socket.remoteAddress ?? 'unknown', transport: 'http' };
    try {
      const payload = await readBody(request, this.context.messageBytes);
      const message = decodePayload(payload, this.context.messageBytes);
      return await this.#hand(message, peer);
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      this.context.dropped(error.reason, 1, peer);
      return STATUS_OF[error.reason];
    }
  }

  async #hand(message: Uint8Array, peer: InputPeer): Promise<number> {
    const batch = { peer, messages: [message], format: 'lines', parser: 'gelf' } as const;
    try {
      const { kind } = await this.context.accept(batch, AbortSignal.timeout(PATIENCE_MS));
      return kind === 'accepted' ? 202 : 403;
    } catch {
      return 503;
    }
  }
}

/** @throws PayloadError where it is larger than a message may be */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new PayloadError('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
