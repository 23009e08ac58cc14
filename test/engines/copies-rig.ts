import { openMongoCatalogue } from '#catalogue/testing';
import type { MongoPlace } from '#catalogue';
import { ApiClient, type FoundEvent } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { settingsOf } from '../support/test-mongodb.js';

export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Events of the tests lie in this day. */
export const DAY = { start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };

/** Events numbered from one number to before another one, a microsecond apart. */
export function numbered(from: number, to: number): Buffer {
  const line = (n: number): string => {
    const micros = String(n).padStart(6, '0');
    const odd = { tags: ['a', { b: n }], big: '12345678901234567890', 'dotted.key': true };
    const event = {
      timestamp: `2026-11-20T08:00:00.${micros}Z`,
      message: `order ${n}`,
      user_id: `u${n % 10}`,
    };
    return `${JSON.stringify({ ...event, level: 'warn', n, ...odd }).replace('"12345678901234567890"', '12345678901234567890')}\n`;
  };
  return Buffer.from(Array.from({ length: to - from }, (_, at) => line(from + at)).join(''));
}

/** An appliance whose stream `orders` is stored in both stores. */
export class CopiesRig {
  private constructor(
    readonly appliance: Appliance,
    private readonly place: MongoPlace,
  ) {}

  static async start(place: MongoPlace, env: Readonly<Record<string, string>> = {}): Promise<CopiesRig> {
    const rig = new CopiesRig(await startAppliance({ env: { ...settingsOf(place), ...env } }), place);
    const made = await rig.call('POST', 'streams', { name: 'orders', stored_in: 'both' });
    if (made.status !== 201) throw new Error(`The stream is not made: ${JSON.stringify(made.body)}`);
    return rig;
  }

  async call(method: string, path: string, json?: unknown): Promise<Answered> {
    const headers = {
      authorization: `Bearer ${this.appliance.adminKey}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
    };
    const init = json === undefined ? {} : { body: JSON.stringify(json) };
    const answer = await fetch(`${this.appliance.url}/api/v1/${path}`, { method, headers, ...init });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** Resolves when all is stored. */
  send(body: Buffer): Promise<{ readonly status: number; readonly body: object }> {
    return new ApiClient(this.appliance).send('orders', body, { prefer: 'wait=30' });
  }

  /** Events of the day, newest first, as a store has them; the answer's code where there are none. */
  async events(from?: 'documents', question: object = {}): Promise<readonly FoundEvent[] | string> {
    const asked = { ...DAY, stream: 'orders', limit: 10_000, ...(from && { from }), ...question };
    const { body } = await this.call('POST', 'logs', asked);
    return (body['logs'] as FoundEvent[] | undefined) ?? String(body['code']);
  }

  /** Lets the hourly comparison begin, as after an hour. */
  async compare(): Promise<void> {
    await this.appliance.stop();
    const catalogue = await openMongoCatalogue(this.place);
    await catalogue.write([{ collection: 'jobs', id: 'copies.reconcile:all-streams', value: undefined }]);
    await catalogue.stop();
    await this.appliance.restart();
  }
}

/** The numbers of events, in their order; the code alone of what was answered instead. */
export function numbersOf(events: readonly FoundEvent[] | string): readonly (number | string)[] {
  if (typeof events === 'string') return [events];
  return events.map(({ attributes }) => Number(attributes?.['n'])).sort((a, b) => a - b);
}
