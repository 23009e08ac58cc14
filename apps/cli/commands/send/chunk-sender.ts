import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../../cli-error.js';
import { ConnectionError } from '../../client/connection-error.js';
import { HttpClient, readText } from '../../client/http-client.js';
import { Refusal } from '../../client/refusal.js';
import type { Chunk } from './chunk-cutter.js';
import type { Acknowledgement } from './journal.js';

/** Where chunks go, and as what. */
export interface SendTarget {
  readonly stream: string | undefined;
  readonly source: string | undefined;
  readonly contentType: 'application/x-ndjson' | 'text/plain';
  readonly parser: string | undefined;
}

export interface SenderOptions {
  /** Milliseconds for which the server may take nothing before it is given up. */
  readonly patienceMs: number;
  /** Told why a chunk is sent again. */
  readonly onRetry: (why: CliError, waitMs: number) => void;
  readonly signal: AbortSignal;
}

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;
/** Milliseconds without an answer after which a request is sent again. */
const SILENCE_MS = 60_000;
/** How often a chunk is sent again to a server that fails at it. */
const MAX_FAILURES = 3;

/**
 * Sends chunks until each is acknowledged. A server that is busy, ends or starts again is waited for; what is sent again has
 * the same Idempotency-Key, so that a request whose answer was lost is not stored twice.
 */
export class ChunkSender {
  /** No request begins before this time; milliseconds since the epoch. */
  #notBefore = 0;
  #lastAnswer: number | undefined;

  constructor(
    private readonly http: HttpClient,
    private readonly options: SenderOptions,
  ) {}

  /**
   * Resolves when the chunk is durable.
   *
   * @param name of the chunk's source, the same whenever it is sent
   * @throws Refusal; ConnectionError where the server was never reached, or not within the patience
   */
  async send(chunk: Chunk, name: string, target: SendTarget): Promise<Acknowledgement> {
    const key = idempotencyKey(chunk, name);
    for (let tries = 0; ; tries += 1) {
      await this.#waitForTurn();
      const outcome = await this.#try(chunk.body, key, target);
      if (!(outcome instanceof CliError)) return outcome;
      if (this.#isFinal(outcome, tries)) throw outcome;
      const waitMs = waitAfter(outcome, tries);
      this.#notBefore = Math.max(this.#notBefore, Date.now() + waitMs);
      this.options.onRetry(outcome, waitMs);
    }
  }

  async #waitForTurn(): Promise<void> {
    for (let ms = this.#notBefore - Date.now(); ms > 0; ms = this.#notBefore - Date.now())
      await pause(ms, undefined, { signal: this.options.signal });
  }

  async #try(body: Buffer, key: string, target: SendTarget): Promise<Acknowledgement | CliError> {
    try {
      const answer = await this.http.send({
        method: 'POST',
        path: pathOf(target),
        ...(target.parser !== undefined && { query: new URLSearchParams({ parser: target.parser }) }),
        headers: headersOf(target, key),
        body,
        silenceMs: SILENCE_MS,
        signal: this.options.signal,
      });
      const text = await readText(answer, this.http.place);
      return this.#judge(answer.status, text) ?? new Refusal(answer.status, answer.headers, text);
    } catch (error) {
      if (error instanceof ConnectionError) return error;
      throw error;
    }
  }

  #judge(status: number, text: string): Acknowledgement | undefined {
    if (status < 500 && status !== 429) this.#lastAnswer = Date.now();
    else this.#lastAnswer ??= Date.now();
    if (status === 202 || status === 200) return readAcknowledgement(text);
    // Lines that are all blank hold no event.
    return status === 400 && text.includes('"empty_body"') ? { accepted: 0, receipt: '' } : undefined;
  }

  /** Whether waiting can't help. A server that never answered is most likely not there. */
  #isFinal(error: CliError, tries: number): boolean {
    if (this.#lastAnswer === undefined) return true;
    if (Date.now() - this.#lastAnswer > this.options.patienceMs) return true;
    if (!(error instanceof Refusal)) return false;
    return !error.mayPass && (error.status < 500 || tries >= MAX_FAILURES);
  }
}

/** Names a chunk by its file, its place and its bytes, those before it included. */
function idempotencyKey({ start, end, sha256 }: Chunk, name: string): string {
  const text = `${name} ${start} ${end} ${sha256}`;
  return `alluvium-send-${createHash('sha256').update(text).digest('hex')}`;
}

/** Milliseconds: what the server asks for, or longer with each try. */
function waitAfter(error: CliError, tries: number): number {
  const own = Math.min(FIRST_WAIT_MS * 2 ** tries, MAX_WAIT_MS);
  return error instanceof Refusal && error.retryAfterMs !== undefined ? error.retryAfterMs : own;
}

function pathOf({ stream }: SendTarget): string {
  return stream === undefined ? '/api/v1/events' : `/api/v1/streams/${encodeURIComponent(stream)}/events`;
}

function headersOf({ contentType, source }: SendTarget, key: string): Record<string, string> {
  return {
    'content-type': contentType,
    'idempotency-key': key,
    ...(source !== undefined && { 'alluvium-source': source }),
  };
}

/** Anything else that says 200 is no Alluvium. */
function readAcknowledgement(text: string): Acknowledgement | undefined {
  try {
    const { accepted, receipt } = JSON.parse(text) as Partial<Acknowledgement>;
    return typeof accepted === 'number' && typeof receipt === 'string' ? { accepted, receipt } : undefined;
  } catch {
    return undefined;
  }
}
