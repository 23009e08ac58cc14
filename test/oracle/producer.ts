import { pause } from '../support/appliance-process.js';
import type { Accepted, Answer, ApiClient } from '../support/api-client.js';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.js';
import type { ObligationFile, Outcome, RequestRecord } from './obligations.js';
import { makeBody, pickRequestSize, type LineRange } from './oracle-bodies.js';
import type { LinePlan } from './oracle-lines.js';
import type { Violations } from './violations.js';

/** What a round lets a producer send, and what tells it to end. */
export interface Load {
  readonly stream: string;
  /** Events that all producers of the round may still send in large requests; afterwards they send single events. */
  budget: number;
  stopped: boolean;
}

export interface ProducerContext {
  readonly plan: LinePlan;
  readonly api: ApiClient;
  readonly obligations: ObligationFile;
  readonly violations: Violations;
}

/** Milliseconds between single events once the round's budget is used up, and after a refusal. */
const TRICKLE_MS = 20;

/** Sends over one connection, one request after the other, and knows of each line what became of its request. */
export class Producer {
  readonly requests: RequestRecord[] = [];
  private readonly random: SeededRandom;
  private sequence = 0;

  constructor(
    private readonly number: number,
    private readonly context: ProducerContext,
  ) {
    this.random = createSeededRandom(context.plan.seed, number);
  }

  /** The value of the header `Alluvium-Source`. */
  get source(): string {
    return `oracle-${this.number}`;
  }

  /** Sends until the load is stopped; the request under way then still gets its answer, or its end. */
  async run(load: Load): Promise<void> {
    while (!load.stopped) {
      const hasBudget = load.budget > 0;
      const range = this.claim(hasBudget ? Math.min(pickRequestSize(this.random), load.budget) : 1);
      load.budget -= range.count;
      const request = await this.send(load.stream, range, this.pickKey(range));
      if (!hasBudget || request.outcome !== 'acked') await pause(TRICKLE_MS);
    }
  }

  /** Sends every request again that carried a key and got no answer: the same bytes under the same key. */
  async repeatUnknown(stream: string): Promise<void> {
    for (const [index, request] of this.requests.entries()) {
      if (request.outcome !== 'unknown' || request.idempotencyKey === undefined) continue;
      const record = await this.attempt(stream, request, request.idempotencyKey);
      if (record.outcome === 'acked') this.requests[index] = await this.keep(record);
    }
  }

  /** Sends one good or bad line and returns its record. */
  sendOne(stream: string): Promise<RequestRecord> {
    return this.send(stream, this.claim(1));
  }

  private claim(count: number): LineRange {
    const range = { producer: this.number, first: this.sequence, count };
    this.sequence += count;
    return range;
  }

  private pickKey({ producer, first }: LineRange): string | undefined {
    return this.random.below(4) === 0 ? `${this.context.plan.run}-${producer}-${first}` : undefined;
  }

  private async send(stream: string, range: LineRange, key?: string): Promise<RequestRecord> {
    const record = await this.keep(await this.attempt(stream, range, key));
    this.requests.push(record);
    return record;
  }

  private async keep(record: RequestRecord): Promise<RequestRecord> {
    await this.context.obligations.record(record);
    return record;
  }

  private async attempt(stream: string, range: LineRange, key?: string): Promise<RequestRecord> {
    const { producer, first, count } = range;
    const withKey = key === undefined ? {} : { idempotencyKey: key };
    try {
      const answer = await this.post(stream, range, key);
      const outcome = this.judge(answer, range);
      const receipt = answer.body.receipt === undefined ? {} : { receipt: answer.body.receipt };
      return { producer, first, count, outcome, ...withKey, ...receipt };
    } catch (error) {
      return { producer, first, count, outcome: wasNeverSent(error) ? 'refused' : 'unknown', ...withKey };
    }
  }

  private post(stream: string, range: LineRange, key?: string): Promise<Answer<Partial<Accepted>>> {
    const headers = {
      'alluvium-source': this.source,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    return this.context.api.send(stream, makeBody(this.context.plan, range), headers);
  }

  private judge({ status, body }: Answer<Partial<Accepted> & { code?: string }>, range: LineRange): Outcome {
    if (status >= 200 && status < 300) {
      if (body.accepted !== undefined && body.accepted !== range.count) {
        this.context.violations.add('miscounted', `${range.count} lines sent, ${body.accepted} accepted`);
      }
      return 'acked';
    }
    const mayPass = status === 429 || status === 503;
    if (!mayPass) this.context.violations.add('unexpected_answer', `${status} ${JSON.stringify(body)}`);
    return body.code === 'outcome_unknown' || (status >= 500 && !mayPass) ? 'unknown' : 'refused';
  }
}

/** A connection that was refused carried nothing. */
function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
