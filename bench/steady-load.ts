import { randomUUID } from 'node:crypto';
import { pause } from '../test/support/appliance-process.js';

export interface SteadyLoadOptions {
  /** Where requests go, such as a proxy. */
  readonly url: string;
  readonly key: string;
  readonly stream: string;
  /** Requests a second, each sent when it is due, whatever became of those before. */
  readonly rate: number;
  /** Milliseconds after which a request that is still refused is given up. */
  readonly giveUpMs: number;
}

/** What became of a request; times are those of `performance.now()`. */
export interface SteadyRequest {
  readonly dueMs: number;
  readonly answeredMs: number;
  readonly isKeyed: boolean;
  /** What the tries were answered, in order: a status, or why there was none. */
  readonly tries: readonly (number | string)[];
}

const EVENTS = 10;
const FIRST_WAIT_MS = 1_000;
const TRY_LIMIT_MS = 30_000;

/**
 * Sends at a steady rate as the guide of clients has it: what is refused or not answered is sent again after `Retry-After`,
 * else after a second, doubled each time. Every other request has an `Idempotency-Key`.
 */
export class SteadyLoad {
  readonly done: SteadyRequest[] = [];
  private readonly open = new Set<Promise<void>>();
  private isOver = false;
  private readonly pacing: Promise<void>;

  constructor(private readonly options: SteadyLoadOptions) {
    this.pacing = this.pace();
  }

  /** Sends no more, and resolves when each request has its answer or is given up. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.pacing;
    await Promise.all(this.open);
  }

  private async pace(): Promise<void> {
    const startMs = performance.now();
    for (let nth = 0; !this.isOver; nth += 1) {
      const dueMs = startMs + (nth * 1_000) / this.options.rate;
      await pause(Math.max(0, dueMs - performance.now()));
      const request = this.send(nth, dueMs);
      this.open.add(request);
      void request.finally(() => this.open.delete(request));
    }
  }

  private async send(nth: number, dueMs: number): Promise<void> {
    const isKeyed = nth % 2 === 1;
    const headers: Record<string, string> = {
      authorization: `Bearer ${this.options.key}`,
      'content-type': 'application/x-ndjson',
      ...(isKeyed && { 'idempotency-key': randomUUID() }),
    };
    const tries: (number | string)[] = [];
    const lines = Array.from({ length: EVENTS }, (_, i) => `{"message":"steady ${nth}","n":${i}}\n`);
    for (let waitMs = FIRST_WAIT_MS; ; waitMs *= 2) {
      const { outcome, retryAfterMs } = await this.attempt(headers, lines.join(''));
      tries.push(outcome);
      const wasted = performance.now() - dueMs;
      if (isSuccess(outcome) || wasted > this.options.giveUpMs) break;
      await pause(retryAfterMs ?? waitMs);
    }
    this.done.push({ dueMs, answeredMs: performance.now(), isKeyed, tries });
  }

  private async attempt(
    headers: Record<string, string>,
    body: string,
  ): Promise<{ outcome: number | string; retryAfterMs?: number }> {
    const { url, stream } = this.options;
    try {
      const signal = AbortSignal.timeout(TRY_LIMIT_MS);
      const answer = await fetch(`${url}/api/v1/streams/${stream}/events`, {
        ...{ method: 'POST', headers, body, signal },
      });
      const text = await answer.text();
      const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
      const code = /"code":"([a-z_]+)"/.exec(text)?.[1];
      const outcome = answer.ok ? answer.status : `${answer.status} ${code ?? 'without a code'}`;
      return { outcome, ...(seconds >= 0 && { retryAfterMs: seconds * 1_000 }) };
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      return { outcome: String(cause instanceof Error && 'code' in cause ? cause.code : error) };
    }
  }
}

/** Whether a try was answered 2xx. */
export function isSuccess(outcome: number | string | undefined): boolean {
  return typeof outcome === 'number' && outcome >= 200 && outcome < 300;
}

/** What became of the requests that were due in a time. */
export interface LoadSummary {
  readonly requests: number;
  /** Shares answered 2xx, in percent. */
  readonly firstTry: number;
  readonly afterRetry: number;
  /** Milliseconds: the longest time in which no request was answered 2xx. */
  readonly longestGapMs: number;
  /** Milliseconds from when it was due until it was answered 2xx, of the slowest one. */
  readonly slowestMs: number;
  /** Tries that were answered otherwise: how often each. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** @param fromMs, toMs the time, the end not part of it */
export function summarise(done: readonly SteadyRequest[], fromMs = 0, toMs = Infinity): LoadSummary {
  const due = done.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs);
  const answered = due.filter(({ tries }) => isSuccess(tries.at(-1)));
  const share = (count: number): number => (100 * count) / due.length;
  const moments = answered.map(({ answeredMs }) => answeredMs).sort((a, b) => a - b);
  const gaps = moments.map((moment, nth) => moment - (moments[nth - 1] ?? moment));
  const refusals: Record<string, number> = {};
  for (const outcome of due.flatMap(({ tries }) => tries))
    if (!isSuccess(outcome)) refusals[String(outcome)] = (refusals[String(outcome)] ?? 0) + 1;
  return {
    requests: due.length,
    firstTry: share(due.filter(({ tries }) => isSuccess(tries[0])).length),
    afterRetry: share(answered.length),
    longestGapMs: Math.max(0, ...gaps),
    slowestMs: Math.max(0, ...answered.map(({ dueMs, answeredMs }) => answeredMs - dueMs)),
    refusals,
  };
}
