import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type FoundEvent } from './support/api-client.js';
import { postAndCutAnswer } from './support/cut-request.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const REQUESTS = 12;
const REPEATS = 3;

/** Every request is cut off before its client sees the answer, then sent three times more (F6). */
describe('clients that repeat what they got no answer for', () => {
  let appliance: Appliance;
  let api: ApiClient;
  beforeAll(async () => {
    appliance = await startAppliance();
    api = new ApiClient(appliance);
  });
  afterAll(() => appliance.dispose());

  async function sendAgainAndAgain(
    stream: string,
    bodies: readonly Buffer[],
    headersOf: (n: number) => object,
  ) {
    await api.createStream(stream, 'log');
    const statuses: number[] = [];
    for (const [n, body] of bodies.entries()) {
      const headers = { ...headersOf(n) };
      await postAndCutAnswer(appliance, `/api/v1/streams/${stream}/events`, body, headers);
      for (let i = 0; i < REPEATS; i++) statuses.push((await api.send(stream, body, headers)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([202]));
  }

  /** Waits for a marker sent last, which the stream's order puts behind everything else. */
  async function found(stream: string): Promise<readonly FoundEvent[]> {
    const last = Buffer.from('{"message":"last","n":-1}\n');
    expect((await api.send(stream, last, { prefer: 'wait=30' })).status).toBe(200);
    const { body } = await api.logs({ stream, start_time: 'now-1h', end_time: 'now+1h', limit: 1_000 });
    return body.logs.filter((event) => event['message'] !== 'last');
  }

  const numbersOf = (events: readonly FoundEvent[]): number[] =>
    events.map((event) => Number(event.attributes?.['n'])).sort((a, b) => a - b);
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

  it('find each event once under an Idempotency-Key', async () => {
    const bodies = upTo(REQUESTS).map((n) => Buffer.from(`{"n":${2 * n}}\n{"n":${2 * n + 1}}\n`));
    await sendAgainAndAgain('keyed', bodies, (n) => ({ 'idempotency-key': `request-${n}` }));
    expect(numbersOf(await found('keyed'))).toEqual(upTo(2 * REQUESTS));
  });

  it('find each event once by ids of their own, and repeats counted as deduplicated', async () => {
    const bodies = upTo(REQUESTS).map((n) => Buffer.from(`{"id":"client-${n}","n":${n}}\n`));
    await sendAgainAndAgain('identified', bodies, () => ({}));
    expect(numbersOf(await found('identified'))).toEqual(upTo(REQUESTS));
    const repeat = await api.send('identified', bodies[0] ?? Buffer.alloc(0), { prefer: 'wait=30' });
    expect(repeat).toMatchObject({ status: 200, body: { stored: 0, deduplicated: 1 } });
  });

  it('are told when a key comes with other bytes', async () => {
    const headers = { 'idempotency-key': 'one-key' };
    const first = await api.send('keyed', Buffer.from('{"n":100}\n'), headers);
    const other = await api.send('keyed', Buffer.from('{"n":101}\n'), headers);
    expect(first.status).toBe(202);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
});
