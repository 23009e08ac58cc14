import { afterEach, describe, expect, it } from 'vitest';
import { pause } from './support/appliance-process.js';
import { Appliance } from './support/start-appliance.js';

const FIELD = { name: 'state', type: 'keyword', description: 'How far it is.' };
const CARRIER = {
  ...{ name: 'carrier', type: 'keyword', aliases: ['order.carrier'], indexed: true },
  description: 'Who brings it.',
};
const ORDER = { title: 'Order', description: 'An order.', fields: [FIELD] };
const WIDER = {
  ...ORDER,
  fields: [FIELD, CARRIER],
  roll_ups: [{ name: 'by_carrier', by: ['carrier'] }],
};
const FROM = '2026-11-20T00:00:00Z';
const TO = '2026-11-22T00:00:00Z';

let appliance: Appliance;
afterEach(() => appliance.dispose());

async function call(method: string, path: string, body?: object | string, headers = {}) {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
  const own = { authorization: `Bearer ${appliance.adminKey}`, ...(text && { 'content-type': type }) };
  const answer = await fetch(`${appliance.url}/api/v1/${path}`, {
    ...{ method, headers: { ...own, ...headers } },
    ...(text !== undefined && { body: text }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function orders(): Promise<void> {
  expect((await call('POST', 'event-types', { name: 'order', ...ORDER })).status).toBe(201);
  const made = await call('POST', 'streams', { name: 'orders', event_type: 'order' });
  expect(made.status).toBe(201);
}

const event = (n: number): string =>
  JSON.stringify({
    timestamp: '2026-11-21T00:00:00Z',
    state: 'sent',
    'order.carrier': n % 2 ? 'post' : 'ship',
    n,
  });

async function total(query: string): Promise<unknown> {
  return (await call('POST', 'logs', { stream: 'orders', query, start_time: FROM, end_time: TO })).body[
    'total'
  ];
}

async function version(): Promise<unknown> {
  const { body } = await call('GET', 'event-types/order');
  return (body['streams'] as { version: number }[])[0]?.version;
}

/** Numbers of what was acknowledged. */
class Load {
  readonly acknowledged: number[] = [];
  #next = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  start(): this {
    this.#running = this.#run();
    return this;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const numbers = Array.from({ length: 20 }, () => (this.#next += 1));
      const body = numbers.map((n) => `${event(n)}\n`).join('');
      const answer = await call('POST', 'streams/orders/events', body).catch(() => undefined);
      if (answer?.status === 202) this.acknowledged.push(...numbers);
      await pause(answer ? 10 : 50);
    }
  }
}

/** Every acknowledged number, found exactly once; others of the load may be there too. */
async function differences(load: Load): Promise<readonly string[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await call('GET', 'ledger');
    const rows = body['rows'] as { pending: number }[];
    if (rows.every(({ pending }) => pending === 0)) break;
    await pause(100);
  }
  const { body } = await call('POST', 'logs/aggregate', {
    ...{ stream: 'orders', start_time: FROM, end_time: TO, group_by: ['n'], limit: 10_000 },
  });
  const buckets = body['buckets'] as { group: { n: number }; metrics: { count: number } }[];
  const counts = new Map(buckets.map(({ group, metrics }) => [group.n, metrics.count]));
  return load.acknowledged.filter((n) => counts.get(n) !== 1).map((n) => `${n}: ${counts.get(n) ?? 0} times`);
}

describe('a declared event type', () => {
  it('takes events at once, gets columns without a restart, and finds older events by them', async () => {
    appliance = await Appliance.prepare();
    await appliance.restart();
    await orders();
    const wait = { prefer: 'wait=20' };
    const sent = await call('POST', 'streams/orders/events', `${event(1)}\n${event(2)}\n`, wait);
    expect(sent.body).toMatchObject({ stored: 2 });
    expect(await call('PUT', 'event-types/order', WIDER)).toMatchObject({
      ...{ status: 200, body: { version: 2, streams: [{ name: 'orders', version: 2 }] } },
    });
    expect((await call('POST', 'streams/orders/events', `${event(3)}\n`, wait)).body).toMatchObject({
      stored: 1,
    });
    expect([await total('carrier:post'), await total('order.carrier:post')]).toEqual([2, 2]);
    const { body } = await call('GET', `fields?stream=orders&start_time=${FROM}&end_time=${TO}`);
    const fields = body['fields'] as { name: string; events: number; declared: boolean }[];
    expect(fields.find(({ name }) => name === 'carrier')).toMatchObject({ events: 3, declared: true });
    expect((await call('GET', 'streams/orders/roll-ups/check')).body).toEqual({ ok: true, days_wrong: [] });
    expect((await call('DELETE', 'event-types/order')).body).toMatchObject({ code: 'event_type_in_use' });
    await appliance.stop();
    await appliance.restart();
    expect([await total('carrier:post'), await version()]).toEqual([2, 2]);
  });

  it('loses nothing of what comes in while its tables change', async () => {
    appliance = await Appliance.prepare();
    await appliance.restart();
    await orders();
    const load = new Load().start();
    await pause(1_000);
    expect((await call('PUT', 'event-types/order', WIDER)).body).toMatchObject({ version: 2 });
    await pause(1_000);
    await load.stop();
    expect(await version()).toBe(2);
    expect(await differences(load)).toEqual([]);
    expect(load.acknowledged.length).toBeGreaterThan(100);
    expect((await call('GET', 'streams/orders/roll-ups/check')).body).toEqual({ ok: true, days_wrong: [] });
    expect(await total('carrier:*')).toBe(await total('*'));
  });

  it.each(['tier.tables-closed', 'tier.tables-made', 'tier.roll-ups-filled'])(
    'is finished after kill -9 at %s, under load',
    async (point) => {
      // Its first pass is the making of the stream's tables.
      appliance = await Appliance.prepare();
      await appliance.restart({ ALLUVIUM_FAULT_POINTS: `${point}:2` });
      await orders();
      const load = new Load().start();
      await pause(500);
      await call('PUT', 'event-types/order', WIDER).catch(() => undefined);
      await pause(300);
      expect(appliance.isRunning).toBe(false);
      await appliance.restart();
      await pause(500);
      await load.stop();
      for (let tries = 0; tries < 100 && (await version()) !== 2; tries += 1) await pause(100);
      expect(await version()).toBe(2);
      expect(await differences(load)).toEqual([]);
      expect((await call('GET', 'streams/orders/roll-ups/check')).body).toEqual({ ok: true, days_wrong: [] });
    },
  );
});
