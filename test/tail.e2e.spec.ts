import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type FoundEvent } from './support/api-client.js';
import { pause } from './support/appliance-process.js';
import { createSeededRandom } from './support/seeded-random.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';
import { TailClient } from './support/tail-client.js';

const ALL_TIME = { start_time: '1980-01-01T00:00:00Z', end_time: 'now+1h' };
const random = createSeededRandom(5);
let appliance: Appliance;
let api: ApiClient;

beforeAll(async () => {
  appliance = await startAppliance();
  api = new ApiClient(appliance);
  for (const name of ['web', 'mail']) await api.createStream(name, 'service-log');
});
afterAll(() => appliance.dispose());

/** Days that some events are of: late ones are shown too. */
const DAYS = ['1990-05-01', '2004-02-29', '2026-01-01'] as const;

/** With and without what queries ask for. */
const lineOf = (n: number): string => {
  const now = new Date().toISOString();
  const timestamp = random.below(4) === 0 ? `${random.pick(DAYS)}T08:00:00.${n}Z` : now;
  const level = random.pick(['info', 'WARN', 'err', 'ERROR', 'odd']);
  const message = random.pick(['slow query', 'reset by peer', 'a\r\n\r\ndata: {}', '"<b>\u2028']);
  const more = random.below(3) === 0 ? { cart: { items: random.below(9) }, big: '9007199254740993' } : {};
  const event = { timestamp, level, message, status: 400 + random.below(200), n };
  return JSON.stringify({ ...event, service: random.pick(['a', 'b c', '']), ...more });
};

const send = (stream: string, lines: readonly string[]) =>
  api.send(stream, Buffer.from(`${lines.join('\n')}\n`), { prefer: 'wait=30' });
const idsOf = (events: readonly FoundEvent[]): string[] => events.map(({ event_id }) => event_id).sort();
const byId = (events: readonly FoundEvent[]): FoundEvent[] =>
  [...events].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));

async function post(path: string, body: object, key = appliance.adminKey): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${appliance.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, unknown>;
}

describe('live tails', () => {
  it('show the very events that the same search finds, each once', async () => {
    const questions = [
      {},
      { level: 'error' },
      { stream: 'mail' },
      { stream: 'web,mail', service: 'b c' },
      { search: '"reset by peer"' },
      { query: 'status:>=500 AND NOT level:warn' },
      { query: 'cart.items:[2 TO 5] OR message:*low*' },
      { filter: 'status:404' },
      { query: 'timestamp:<2005-01-01' },
      { query: 'nothing:here' },
    ];
    const tails = await Promise.all(questions.map((question) => TailClient.open(appliance, question)));
    for (let batch = 0; batch < 10; batch += 1)
      await send(
        random.pick(['web', 'mail']),
        Array.from({ length: 300 }, (_, n) => lineOf(n)),
      );
    for (const [n, tail] of tails.entries()) {
      const query = new URLSearchParams({ ...ALL_TIME, limit: '10000', ...questions[n] }).toString();
      const headers = { authorization: `Bearer ${appliance.adminKey}` };
      const answer = await fetch(`${appliance.url}/api/v1/logs?${query}`, { headers });
      const { logs } = (await answer.json()) as { readonly logs: readonly FoundEvent[] };
      await expect.poll(() => tail.accounted, { timeout: 10_000 }).toBeGreaterThanOrEqual(logs.length);
      expect([tail.dropped, byId(tail.events)]).toEqual([0, byId(logs)]);
      tail.leave();
    }
    expect(tails[0]?.events.length).toBe(3_000);
    expect(tails.at(-1)?.events).toEqual([]);
  });

  it('keep the order in which the events of a stream came', async () => {
    const tail = await TailClient.open(appliance, { stream: 'web' });
    for (let first = 0; first < 500; first += 100)
      await send(
        'web',
        Array.from({ length: 100 }, (_, n) => JSON.stringify({ n: first + n, service: `${n % 3}` })),
      );
    await expect.poll(() => tail.events.length).toBe(500);
    expect(tail.events.map(({ attributes }) => attributes?.['n'])).toEqual(
      Array.from({ length: 500 }, (_, n) => n),
    );
    tail.leave();
  });

  it('show no event of another tenant, nor of a stream that the key may not read', async () => {
    await post('/api/v1/tenants', { name: 'other' });
    const keyOf = async (body: object): Promise<string> =>
      String(
        (await post('/api/v1/keys', { name: 'k', scopes: ['logs:read', 'events:write'], ...body }))['key'],
      );
    const theirs = await keyOf({ tenant: 'other', scopes: ['logs:read', 'events:write', 'streams:create'] });
    const held = await keyOf({ streams: ['mail'] });
    const foreign = await TailClient.open({ url: appliance.url, adminKey: theirs });
    const narrow = await TailClient.open({ url: appliance.url, adminKey: held });
    const whole = await TailClient.open(appliance);
    const sent = await post('/api/v1/streams/web/events?', { message: 'theirs' }, theirs);
    await send('web', ['{"message":"ours"}']);
    await send('mail', ['{"message":"mail"}']);
    await expect
      .poll(() => [foreign.events.length, narrow.events.length, whole.events.length])
      .toEqual([1, 1, 2]);
    expect(sent['accepted']).toBe(1);
    expect(foreign.events.map(({ message }) => message)).toEqual(['theirs']);
    expect(narrow.events.map(({ message }) => message)).toEqual(['mail']);
    for (const tail of [foreign, narrow, whole]) tail.leave();
  });

  it('tell a slow reader exactly how many it missed, while a quick one gets on', async () => {
    const [slow, quick] = [
      await TailClient.open(appliance, { stream: 'web' }),
      await TailClient.open(appliance),
    ];
    slow.pause();
    const [batches, size] = [20, 4_000];
    const text = 'x'.repeat(400);
    for (let batch = 0; batch < batches; batch += 1)
      await api.send('web', Buffer.from(`${JSON.stringify({ message: text, batch })}\n`.repeat(size)));
    await expect.poll(() => quick.accounted, { timeout: 20_000 }).toBe(batches * size);
    slow.resume();
    await expect.poll(() => slow.accounted, { timeout: 20_000 }).toBe(batches * size);
    expect(slow.dropped).toBeGreaterThan(0);
    expect(quick.dropped).toBeLessThan(slow.dropped);
    for (const { events } of [slow, quick]) expect(new Set(idsOf(events)).size).toBe(events.length);
    await send('web', ['{"message":"after"}']);
    await expect.poll(() => slow.events.at(-1)?.['message']).toBe('after');
    const metrics = await api.metrics();
    expect(metrics).toContain(
      `alluvium_tail_events_total{outcome="dropped"} ${slow.dropped + quick.dropped}`,
    );
    for (const tail of [slow, quick]) tail.leave();
  });

  it('end when their key is revoked', async () => {
    const { key, id } = await post('/api/v1/keys', { name: 'short', scopes: ['logs:read'] });
    const tail = await TailClient.open({ url: appliance.url, adminKey: String(key) });
    const headers = { authorization: `Bearer ${appliance.adminKey}` };
    await fetch(`${appliance.url}/api/v1/keys/${String(id)}`, { method: 'DELETE', headers });
    await send('web', ['{"message":"too late"}']);
    await tail.ended;
    expect([tail.problem?.code, tail.events]).toEqual(['unauthenticated', []]);
  });

  it('hold up no end of the process, whether they are read or not, nor do connections without a request', async () => {
    const unused = connect(Number(new URL(appliance.url).port), '127.0.0.1').on('error', () => undefined);
    const [read, unread] = [await TailClient.open(appliance), await TailClient.open(appliance)];
    unread.pause();
    const text = 'x'.repeat(1_000);
    for (let batch = 0; batch < 4; batch += 1)
      await api.send('web', Buffer.from(`${JSON.stringify({ message: text, batch })}\n`.repeat(5_000)));
    const late = pause(12_000).then(() => 'too late' as const);
    expect(await Promise.race([appliance.stop(), late])).toEqual({ code: 0, signal: null });
    await read.ended;
    expect(read.problem?.code).toBe('shutting_down');
    unused.destroy();
  });
});
