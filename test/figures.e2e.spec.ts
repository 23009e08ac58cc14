import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './support/api-client.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const MINUTES = 10;
/** Events of each minute, by level. */
const LEVELS = { INFO: 30, ERROR: 6 };

interface Figures {
  readonly source: string;
  readonly is_exact: boolean;
  readonly approximations: readonly string[];
  readonly buckets: readonly {
    readonly group: { readonly level?: string };
    readonly metrics: { readonly count?: number };
  }[];
  readonly events: number;
  readonly sample: { readonly is_whole: boolean };
  readonly fields: readonly { readonly name: string; readonly top_values: readonly unknown[] }[];
}

/** Events come in over HTTP and are counted over HTTP, from the roll-ups and from the events. */
describe('figures over what was sent', () => {
  let appliance: Appliance;
  beforeAll(async () => {
    appliance = await startAppliance();
    const api = new ApiClient(appliance);
    await api.createStream('web', 'service-log');
    const { status } = await api.send('web', Buffer.from(`${[...lines()].join('\n')}\n`), {
      prefer: 'wait=30',
    });
    if (status !== 200) throw new Error(`Sending answered ${status}`);
  });
  afterAll(() => appliance.dispose());

  function* lines(): Generator<string> {
    for (let minute = 0; minute < MINUTES; minute += 1)
      for (const [level, count] of Object.entries(LEVELS))
        for (let i = 0; i < count; i += 1)
          yield JSON.stringify({
            timestamp: `2026-01-02T10:0${minute}:${String(i + 10)}Z`,
            ...{ level, service: i % 2 === 0 ? 'shop' : 'cart', latency_ms: i },
            ...{ user_id: `u${i}`, plan: i % 3 === 0 ? 'free' : undefined },
          });
  }

  async function ask(path: string, body?: object) {
    const headers = { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' };
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const answer = await fetch(`${appliance.url}${path}`, { ...init, headers });
    return { status: answer.status, body: (await answer.json()) as Figures };
  }

  const range = { start_time: '2026-01-02T10:00:05Z', end_time: '2026-01-02T10:09:00Z' };
  const aggregate = (more: object) => ask('/api/v1/logs/aggregate', { ...range, ...more });

  it('are counted by minute and level from the roll-up, with the broken minutes from the events', async () => {
    const { body } = await aggregate({ group_by: ['level'], interval: '1m' });
    expect([body.source, body.is_exact, body.buckets.length]).toEqual(['roll_up', true, 18]);
    for (const { group, metrics } of body.buckets)
      expect(metrics.count).toBe(LEVELS[group.level as keyof typeof LEVELS]);
  });

  it('are of the events where a roll-up has no answer', async () => {
    const { body } = await aggregate({
      level: 'err',
      metrics: [
        { function: 'avg', field: 'latency_ms', name: 'avg' },
        { function: 'unique', field: 'user_id', name: 'users' },
        { function: 'count', field: 'plan', name: 'plans' },
      ],
      group_by: ['service'],
    });
    expect([body.source, body.approximations]).toEqual(['events', ['users']]);
    expect(body.buckets).toEqual([
      { group: { service: 'cart' }, metrics: { avg: 3, users: 3, plans: 9 } },
      { group: { service: 'shop' }, metrics: { avg: 2, users: 3, plans: 9 } },
    ]);
  });

  it('name the fields that events have', async () => {
    const { status, body } = await ask(`/api/v1/fields?stream=web&${new URLSearchParams(range).toString()}`);
    expect([status, body.events, body.sample.is_whole]).toEqual([200, 324, true]);
    const plan = body.fields.find(({ name }) => name === 'plan');
    expect(plan).toMatchObject({ declared: false, types: ['string'], events: 108, share: 1 / 3 });
    expect(plan?.top_values).toEqual([{ value: 'free', events: 108 }]);
  });

  it('are refused with what to change', async () => {
    const sum = { metrics: [{ function: 'sum', field: 'service' }] };
    expect((await aggregate(sum)).body).toMatchObject({ status: 400, code: 'search_invalid' });
    const long = { interval: '1s', fill: true, start_time: '2020-01-01T00:00:00Z' };
    expect((await aggregate(long)).body).toMatchObject({ status: 400, code: 'too_many_groups' });
    const far = await ask('/api/v1/logs/aggregate', { start_time: 0, end_time: '9999-12-31T00:00:00Z' });
    expect(far.body).toMatchObject({ buckets: [{ metrics: { count: 360 } }] });
  });
});
