import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { readVersion } from '#app-config/version';
import { ConnectionError } from './connection-error.js';
import type { ServerPlace } from './server-place.js';

/** One request to the server. */
export interface HttpRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** From the root of the API: `/api/v1/logs`. Parts that come from outside must be encoded. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal;
  /** Milliseconds of silence on the connection after which it is given up. Default: none. */
  readonly silenceMs?: number;
}

/** An answer whose body is still to be read, or destroyed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** Milliseconds until a connection must be made. */
const CONNECT_MS = 10_000;

/** Sends requests to one server over connections that are kept. Follows no redirection, so the key goes nowhere else. */
export class HttpClient {
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param connections most at once; further requests wait for one. */
  constructor(
    readonly place: ServerPlace,
    { connections = 8 }: { readonly connections?: number } = {},
  ) {
    const isTls = place.url.protocol === 'https:';
    const options = { keepAlive: true, maxSockets: connections };
    this.#agent = isTls ? new https.Agent(options) : new http.Agent(options);
    this.#request = isTls ? https.request : http.request;
    this.#headers = {
      'user-agent': `alluvium-cli/${readVersion()}`,
      ...(place.key !== undefined && { authorization: `Bearer ${place.key}` }),
    };
  }

  /**
   * Resolves with the answer's head, whatever its status.
   *
   * @throws ConnectionError where none came; the signal's reason where it was aborted.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    request.signal?.throwIfAborted();
    try {
      const body = await this.#exchange(request);
      return { status: body.statusCode ?? 0, headers: body.headers, body };
    } catch (error) {
      request.signal?.throwIfAborted();
      throw new ConnectionError(this.place.url, codeOf(error), error);
    }
  }

  /** Ends all connections. What is under way fails. */
  close(): void {
    this.#agent.destroy();
  }

  #exchange({
    method = 'GET',
    path,
    query,
    headers,
    body,
    signal,
    silenceMs,
  }: HttpRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = this.#request(this.#address(path, query), {
        agent: this.#agent,
        method,
        headers: {
          ...this.#headers,
          ...headers,
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
        ...(signal && { signal }),
      });
      sent.once('response', resolve).on('error', reject);
      sent.once('socket', (socket) => limitConnecting(socket, sent));
      if (silenceMs !== undefined) sent.setTimeout(silenceMs, () => sent.destroy(timedOut()));
      sent.end(body);
    });
  }

  #address(path: string, query: URLSearchParams | undefined): URL {
    const { url } = this.place;
    const address = new URL(url.pathname.replace(/\/$/, '') + path, url.origin);
    if (query) address.search = query.toString();
    return address;
  }
}

/** Reads a body to its end, as text. @throws ConnectionError where it breaks off. */
export async function readText({ body }: HttpAnswer, { url }: ServerPlace): Promise<string> {
  try {
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString();
  } catch (error) {
    throw new ConnectionError(url, codeOf(error), error);
  }
}

/** The code of an error of Node; of several attempts at one name, the first one's. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const { code } = error as Partial<NodeJS.ErrnoException>;
  return typeof code === 'string' ? code : 'unknown';
}

function limitConnecting(socket: import('node:net').Socket, sent: http.ClientRequest): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => sent.destroy(timedOut()), CONNECT_MS);
  socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}

function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}
