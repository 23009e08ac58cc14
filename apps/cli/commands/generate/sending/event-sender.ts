import { ConnectionError } from '../../../client/connection-error.js';
import { readText, type HttpClient } from '../../../client/http-client.js';
import { Refusal } from '../../../client/refusal.js';
import type { Delivery } from './batching.js';
import { sleep } from './sleep.js';
import type { Tally } from './tally.js';

/** When a run ends. */
export interface Stops {
  /** Nothing is made or sent again once it aborts; requests under way are waited for. */
  readonly soft: AbortSignal;
  /** Requests under way are cut off. */
  readonly hard: AbortSignal;
}

export interface EventSenderOptions {
  readonly http: HttpClient;
  /** Every one of them counts all. */
  readonly tallies: readonly Tally[];
  /** Names the run in idempotency keys, so that a request that is sent again is stored once. */
  readonly run: string;
  readonly stops: Stops;
}

/** Milliseconds between tries, where the server doesn't say. */
const WAIT_MS = 1_000;
/** Milliseconds for which a server that answered before may be out of reach. */
const PATIENCE_MS = 60_000;
/** The one refusal after which events may have been stored. */
const OUTCOME_UNKNOWN = 'outcome_unknown';
/** Nothing was sent at all. */
const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** Sends deliveries until each is acknowledged, however often the server has to be asked. */
export class EventSender {
  #sent = 0;
  #answeredAt: number | undefined;

  constructor(private readonly options: EventSenderOptions) {}

  /**
   * Resolves when the delivery is acknowledged, or given up since the run ends.
   *
   * @throws Refusal that no repetition would mend; ConnectionError where the server is away for a minute, or was never
   *   reached.
   */
  async deliver(delivery: Delivery): Promise<void> {
    const { soft, hard } = this.options.stops;
    const key = `${this.options.run}-${(this.#sent += 1)}`;
    let isKnown = true;
    try {
      // What is made when the run is stopped is still sent once, so that a stop in order loses nothing.
      for (let isFirst = !hard.aborted; isFirst || !soft.aborted; isFirst = false) {
        const trouble = await this.#try(delivery, key);
        if (trouble === undefined) return;
        isKnown &&= wasNotStored(trouble);
        this.#checkPatience(trouble);
        await sleep((trouble instanceof Refusal ? trouble.retryAfterMs : undefined) ?? WAIT_MS, soft);
      }
    } catch (error) {
      this.#giveUp(delivery, isKnown && wasNotStored(error));
      throw error;
    }
    this.#giveUp(delivery, isKnown);
  }

  #giveUp({ events }: Delivery, isKnown: boolean): void {
    for (const tally of this.options.tallies)
      if (isKnown) tally.givenUp += events;
      else tally.unknown += events;
  }

  /** Undefined when it was acknowledged, else what may pass. @throws what may not */
  async #try(delivery: Delivery, key: string): Promise<Refusal | ConnectionError | undefined> {
    const startMs = performance.now();
    try {
      await this.#post(delivery, key);
      const ms = performance.now() - startMs;
      for (const tally of this.options.tallies) tally.acknowledge(delivery.events, delivery.body.length, ms);
      return undefined;
    } catch (error) {
      const trouble = this.#asTrouble(error);
      const name = trouble instanceof Refusal ? `${trouble.status} ${trouble.code}`.trim() : trouble.code;
      for (const tally of this.options.tallies) tally.refuse(name);
      if (trouble instanceof Refusal && !trouble.mayPass) throw trouble;
      return trouble;
    }
  }

  async #post({ stream, body }: Delivery, key: string): Promise<void> {
    const { http, stops } = this.options;
    const answer = await http.send({
      method: 'POST',
      path: stream === undefined ? '/api/v1/events' : `/api/v1/streams/${encodeURIComponent(stream)}/events`,
      headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
      body,
      signal: stops.hard,
    });
    const text = await readText(answer, http.place);
    this.#answeredAt = performance.now();
    if (answer.status < 200 || answer.status >= 300) throw new Refusal(answer.status, answer.headers, text);
  }

  /** A request that was cut off is like one whose answer did not come. */
  #asTrouble(error: unknown): Refusal | ConnectionError {
    if (error instanceof Refusal || error instanceof ConnectionError) return error;
    if (this.options.stops.hard.aborted)
      return new ConnectionError(this.options.http.place.url, 'aborted', error);
    throw error;
  }

  /** Throws where the server cannot be reached and there is no hope left that it will. */
  #checkPatience(trouble: Refusal | ConnectionError): void {
    if (trouble instanceof Refusal || this.options.stops.soft.aborted) return;
    const since = this.#answeredAt;
    if (since === undefined || performance.now() - since > PATIENCE_MS) throw trouble;
  }
}

function wasNotStored(error: unknown): boolean {
  if (error instanceof Refusal) return error.code !== OUTCOME_UNKNOWN;
  return error instanceof ConnectionError && NEVER_SENT.has(error.code);
}
