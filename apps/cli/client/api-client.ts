import { setTimeout as pause } from 'node:timers/promises';
import { HttpClient, readText, type HttpAnswer, type HttpRequest } from './http-client.js';
import { Refusal } from './refusal.js';
import type { ServerPlace } from './server-place.js';

/** A request of the API; `json` goes as its body. */
export interface ApiRequest extends HttpRequest {
  readonly json?: unknown;
}

export interface ApiClientOptions {
  /** Told before a request is sent again: a sentence for people. */
  readonly onRetry?: (note: string) => void;
  /** Most connections at once. Default 8. */
  readonly connections?: number;
}

/** How often a request is sent again that the server can't take now. */
const MAX_RETRIES = 5;
/** Milliseconds, where the server doesn't say. */
const DEFAULT_WAIT_MS = 1_000;
/** Asking again would take as long again. */
const HOPELESS: ReadonlySet<string> = new Set(['search_timeout', 'export_no_space']);

/** The API as commands use it: success or an error in the server's words. 429 and 503 are waited out, up to five times. */
export class ApiClient {
  readonly #http: HttpClient;

  constructor(
    readonly place: ServerPlace,
    private readonly options: ApiClientOptions = {},
  ) {
    this.#http = new HttpClient(place, options);
  }

  /**
   * The answer's JSON.
   *
   * @throws Refusal where the server refuses; ConnectionError where it doesn't answer.
   */
  async json<Body>(request: ApiRequest): Promise<Body> {
    const answer = await this.open(request);
    const text = await readText(answer, this.place);
    try {
      return JSON.parse(text) as Body;
    } catch {
      throw new Refusal(answer.status, answer.headers, '');
    }
  }

  /** The answer of a success, its body still to be read. @throws as `json` */
  async open(request: ApiRequest): Promise<HttpAnswer> {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#http.send(withJson(request));
      if (answer.status >= 200 && answer.status < 300) return answer;
      const refusal = new Refusal(answer.status, answer.headers, await readText(answer, this.place));
      if (tries >= MAX_RETRIES || !refusal.mayPass || HOPELESS.has(refusal.code)) throw refusal;
      await this.#waitOut(refusal, request.signal);
    }
  }

  /** Ends all connections. */
  close(): void {
    this.#http.close();
  }

  async #waitOut({ message, retryAfterMs = DEFAULT_WAIT_MS }: Refusal, signal?: AbortSignal): Promise<void> {
    this.options.onRetry?.(`${message} Trying again in ${Math.ceil(retryAfterMs / 1_000)} s.`);
    await pause(retryAfterMs, undefined, signal ? { signal } : {});
  }
}

function withJson({ json, ...request }: ApiRequest): HttpRequest {
  if (json === undefined) return request;
  const headers = { 'content-type': 'application/json', ...request.headers };
  return { ...request, headers, body: JSON.stringify(json) };
}
