import { pause } from '../support/appliance-process.js';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.js';
import type { RoutingClient } from './routing-client.js';

/** A request of numbered events; it is sent again, under the same key, until it is answered. */
interface NumberedRequest {
  readonly key: string;
  readonly first: number;
  readonly count: number;
  receipt?: string;
}

/** What a receipt says. */
interface Verdicts {
  readonly accepted: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly dropped: number;
  readonly pending: number;
  readonly dropped_by?: Readonly<Record<string, number>>;
}

/** Milliseconds between two changes of the rules. */
const CHANGE_MS = 60;
const MOST_EVENTS = 40;

const rule = (kind: string, action: object) => ({
  ...{ name: `of-${kind}`, when: { fields: [{ field: 'kind', equals: [kind] }] }, action },
});

/** Rules that take turns: what goes where, or nowhere, is another thing each time. */
const TURNS: readonly (readonly object[])[] = [
  [rule('a', { stream: 'alpha' }), rule('b', { stream: 'logins' }), rule('c', { drop: { policy: 'noise' } })],
  [
    rule('a', { stream: 'logins' }),
    rule('b', { stream: 'alpha' }),
    rule('c', { stream: 'alpha', sample: { one_in: 3, policy: 'few' } }),
    rule('d', { drop: { policy: 'quiet' } }),
  ],
  [],
];

/** Sends numbered events while the rules change, and then says what of them is not where it must be. */
export class RoutedLoad {
  readonly #requests: NumberedRequest[] = [];
  readonly #random: SeededRandom;
  #next = 0;
  #turn = 0;
  /** Answers to changes of the rules. */
  changes = 0;

  constructor(
    private readonly client: RoutingClient,
    private readonly seed: number,
  ) {
    this.#random = createSeededRandom(seed);
  }

  get acknowledged(): number {
    return this.#requests.filter(({ receipt }) => receipt !== undefined).length;
  }

  /** Sends on some connections, and changes the rules, until the signal; what has no answer stays to be sent again. */
  async run(connections: number, signal: AbortSignal): Promise<void> {
    const senders = Array.from({ length: connections }, () => this.#send(signal));
    await Promise.all([...senders, this.#changeRules(signal)]);
  }

  /** Sends again what has no answer. */
  async finish(): Promise<void> {
    for (const request of this.#requests) if (request.receipt === undefined) await this.#try(request);
  }

  async #send(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const count = 1 + this.#random.below(MOST_EVENTS);
      const request = { key: `${this.seed}-${this.#next}`, first: this.#next, count };
      this.#next += count;
      this.#requests.push(request);
      await this.#try(request);
      await pause(10);
    }
  }

  async #try(request: NumberedRequest): Promise<void> {
    const { key, first, count } = request;
    const lines = Array.from({ length: count }, (_, n) => JSON.stringify(eventOf(first + n)));
    const answer = await this.client.send(`${lines.join('\n')}\n`, key).catch(() => undefined);
    if (answer?.['receipt'] !== undefined) request.receipt = String(answer['receipt']);
  }

  async #changeRules(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#turn += 1;
      const rules = TURNS[this.#turn % TURNS.length] ?? [];
      if (await this.client.putRules(rules).catch(() => undefined)) this.changes += 1;
      await pause(CHANGE_MS);
    }
  }

  /** How what is found differs from what the receipts say; empty where it doesn't. */
  async differences(): Promise<readonly string[]> {
    const found = await this.client.found();
    const policies = new Map<string, number>();
    const wrong: string[] = [];
    for (const request of this.#requests) {
      const verdicts = await this.#verdictsOf(request);
      for (const [policy, events] of Object.entries(verdicts.dropped_by ?? {}))
        policies.set(policy, (policies.get(policy) ?? 0) + events);
      const places = Array.from({ length: request.count }, (_, n) => found.get(request.first + n) ?? []);
      wrong.push(...judge(request, places, verdicts));
    }
    const [ledger, receipts] = [await this.client.droppedByPolicy(), policies].map((sums) =>
      JSON.stringify([...sums].sort()),
    );
    return ledger === receipts ? wrong : [...wrong, `ledger ${ledger}, receipts ${receipts}`];
  }

  async #verdictsOf({ receipt = '' }: NumberedRequest): Promise<Verdicts> {
    return (await this.client.receipt(receipt)) as unknown as Verdicts;
  }
}

/** @param places of each event of the request */
function judge(
  { first, count }: NumberedRequest,
  places: readonly (readonly string[])[],
  { accepted, stored, quarantined, dropped, pending }: Verdicts,
): readonly string[] {
  const doubles = places.flatMap((place, at) =>
    place.length > 1 ? [`${first + at} is in ${place.join(' and in ')}`] : [],
  );
  const inTables = places.filter(([place]) => place !== undefined && place !== 'quarantine').length;
  const refused = places.filter(([place]) => place === 'quarantine').length;
  const seen = JSON.stringify([count, inTables, refused, count - inTables - refused, 0]);
  const said = JSON.stringify([accepted, stored, quarantined, dropped, pending]);
  return seen === said ? doubles : [...doubles, `${first}: found ${seen}, its receipt says ${said}`];
}

/** One in five is refused where it goes to the stream of logins, which need a user. */
function eventOf(n: number): object {
  const user = n % 5 === 0 ? {} : { user_id: `u${n}` };
  return { n, kind: 'abcd'[n % 4], message: `event ${n}`, ...user };
}
