import { ApiClient, type Accepted, type Answer, type LedgerRow } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import { sweepStream } from '../oracle/sweep.js';

/** `unknown`: there was no answer, or one that says the outcome can't be known; all of it may be there, or none. */
type Outcome = 'acked' | 'refused' | 'unknown';

interface NumberedRequest {
  readonly first: number;
  readonly count: number;
  readonly outcome: Outcome;
}

/** What a request was answered: 0 where there was no answer. */
export interface LoadAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly receipt: string | undefined;
  readonly retryAfter: string | null;
}

export interface LoadOptions {
  readonly stream: string;
  /** Characters that fill an event up beside its number, hard to compress. Default: 0. */
  readonly padding?: number;
}

type ProblemOr<Body> = Partial<Body> & { readonly code?: string };

const HOUR_MS = 3_600_000;
const SETTLE_MS = 45_000;
const NO_ANSWER: LoadAnswer = { status: 0, code: undefined, receipt: undefined, retryAfter: null };

/** Events numbered from 0 on, a millisecond apart, and what became of each: the check looks for every number. */
export class NumberedLoad {
  readonly answers: LoadAnswer[] = [];
  private readonly requests: NumberedRequest[] = [];
  private next = 0;

  constructor(
    private readonly api: ApiClient,
    private readonly options: LoadOptions,
    private readonly baseMs = Date.now() - HOUR_MS,
  ) {}

  /** Makes the stream. */
  async open(): Promise<this> {
    const { status, body } = await this.api.createStream(this.options.stream, 'log');
    if (status >= 300) throw new Error(`Creating a stream answered ${status}: ${JSON.stringify(body)}`);
    return this;
  }

  /** Events that were acknowledged. */
  get acked(): number {
    return this.countOf('acked');
  }

  /** Sends the next numbers in one request. */
  async send(count: number, headers: Record<string, string> = {}): Promise<LoadAnswer> {
    const first = this.next;
    this.next += count;
    const body = Buffer.concat(Array.from({ length: count }, (_, i) => this.line(first + i)));
    const answer = await this.api
      .send(this.options.stream, body, headers)
      .then(toLoadAnswer, () => NO_ANSWER);
    this.requests.push({ first, count, outcome: outcomeOf(answer) });
    this.answers.push(answer);
    return answer;
  }

  /** Sends one request after the other until an answer is as wanted; fails after as many as `limit`. */
  async sendUntil(
    wanted: (answer: LoadAnswer) => boolean,
    count: number,
    limit: number,
  ): Promise<LoadAnswer> {
    for (let sent = 0; sent < limit; sent++) {
      const answer = await this.send(count);
      if (wanted(answer)) return answer;
      if (answer.status !== 202) await pause(100);
    }
    throw new Error(
      `${limit} requests, and none was answered as wanted: ${JSON.stringify(this.answers.at(-1))}`,
    );
  }

  /**
   * Waits until nothing is pending and says how what is found differs from what is owed; empty where it doesn't.
   *
   * @param residue that the ledger is expected to come to
   */
  async differences(residue = 0): Promise<string> {
    const ledger = await this.settledLedger(residue);
    const found = new Map<number, number>();
    const span = { from: this.baseMs, to: this.baseMs + this.next };
    await sweepStream(this.api, this.options.stream, span, ({ attributes }) => {
      const number = Number(attributes?.['n']);
      found.set(number, (found.get(number) ?? 0) + 1);
    });
    return [...this.judge(found), ...judgeLedger(ledger, found.size, residue)].join('\n');
  }

  /** The sums of the stream's ledger once nothing is pending and its residue is as expected, or as they are after a while. */
  async settledLedger(residue = 0): Promise<Sums> {
    const deadline = Date.now() + SETTLE_MS;
    for (;;) {
      const { body } = await this.api.ledger();
      const sums = sumUp((body.rows ?? []).filter(({ stream }) => stream === this.options.stream));
      const isSettled = sums.received > 0 && sums.pending === 0 && sums.residue === residue;
      if (isSettled || Date.now() > deadline) return sums;
      await pause(250);
    }
  }

  /** Requests that were answered so far. */
  get answered(): number {
    return this.requests.length;
  }

  /**
   * What an appliance must have that was made of a backup of this one: all of the requests that were answered before the
   * backup began, and of each later one all or nothing.
   */
  restoredAt(api: ApiClient, answered: number): NumberedLoad {
    const restored = new NumberedLoad(api, this.options, this.baseMs);
    restored.next = this.next;
    for (const [index, request] of this.requests.entries())
      restored.requests.push(index < answered ? request : { ...request, outcome: 'unknown' });
    return restored;
  }

  private countOf(outcome: Outcome): number {
    return this.requests
      .filter((each) => each.outcome === outcome)
      .reduce((sum, { count }) => sum + count, 0);
  }

  private *judge(found: ReadonlyMap<number, number>): Iterable<string> {
    const twice = [...found].filter(([, times]) => times > 1).map(([number]) => number);
    if (twice.length > 0) yield `${twice.length} found more than once, such as ${twice[0]}`;
    for (const { first, count, outcome } of this.requests) {
      const there = countThere(found, first, count);
      const isRight =
        outcome === 'acked' ? there === count : there === 0 || (outcome === 'unknown' && there === count);
      if (!isRight) yield `${there} of ${count} from ${first} on are there, which was ${outcome}`;
    }
  }

  private line(n: number): Buffer {
    const filler = this.options.padding === undefined ? {} : { filler: noise(n, this.options.padding) };
    const timestamp = new Date(this.baseMs + n).toISOString();
    return Buffer.from(`${JSON.stringify({ timestamp, message: `number ${n}`, n, ...filler })}\n`);
  }
}

/** Sums of a stream's rows in the ledger. */
export type Sums = Readonly<Record<'received' | 'stored' | 'quarantined' | 'pending' | 'residue', number>>;

function sumUp(rows: readonly LedgerRow[]): Sums {
  const sums = { received: 0, stored: 0, quarantined: 0, pending: 0, residue: 0 };
  for (const row of rows) for (const field of Object.keys(sums) as (keyof Sums)[]) sums[field] += row[field];
  return sums;
}

function judgeLedger(sums: Sums, found: number, residue: number): string[] {
  const expected: Sums = { received: found, stored: found, quarantined: 0, pending: 0, residue };
  const wrong = (Object.keys(expected) as (keyof Sums)[]).filter((field) => sums[field] !== expected[field]);
  return wrong.map((field) => `the ledger says ${field} ${sums[field]}, found ${expected[field]}`);
}

function toLoadAnswer({ status, headers, body }: Answer<ProblemOr<Accepted>>): LoadAnswer {
  return { status, code: body.code, receipt: body.receipt, retryAfter: headers.get('retry-after') };
}

function outcomeOf({ status, code }: LoadAnswer): Outcome {
  if (status === 200 || status === 202) return 'acked';
  return status === 0 || code === 'outcome_unknown' ? 'unknown' : 'refused';
}

function countThere(found: ReadonlyMap<number, number>, first: number, count: number): number {
  let there = 0;
  for (let n = first; n < first + count; n++) there += found.has(n) ? 1 : 0;
  return there;
}

/** Text that looks random and follows from the number. */
function noise(n: number, length: number): string {
  let text = '';
  for (let word = n + 1; text.length < length; word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0)
    text += word.toString(36);
  return text.slice(0, length);
}
