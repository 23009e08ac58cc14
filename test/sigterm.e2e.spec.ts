import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from './support/api-client.js';
import { pause } from './support/appliance-process.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const LIMIT_MS = 25_000;
const line = (n: number): string => `{"message":"term ${n}","n":${n}}\n`;

describe('SIGTERM under load (F18)', () => {
  let appliance: Appliance | undefined;
  afterEach(() => appliance?.dispose());

  /** Sends single events until a request fails; returns how many were acknowledged. */
  async function sendUntilRefused(api: ApiClient, connection: number): Promise<number> {
    for (let sent = 0; ; sent++) {
      const answer = await api
        .send('term', Buffer.from(line(connection * 1e6 + sent)))
        .catch(() => undefined);
      if (answer?.status !== 202) return sent;
    }
  }

  it('ends with code 0 in time, and every acknowledged event is there at the next start', async () => {
    appliance = await startAppliance();
    const api = new ApiClient(appliance);
    await api.createStream('term', 'log');
    const sending = [0, 1, 2, 3].map((connection) => sendUntilRefused(api, connection));
    await pause(500);
    const late = pause(LIMIT_MS).then(() => 'too late' as const);
    expect(await Promise.race([appliance.stop('SIGTERM'), late])).toEqual({ code: 0, signal: null });
    const acked = (await Promise.all(sending)).reduce((sum, sent) => sum + sent, 0);
    await appliance.restart();
    expect(await totalOf(api)).toBeGreaterThanOrEqual(acked);
    expect(await totalOf(api)).toBeLessThanOrEqual(acked + sending.length);
    expect(acked).toBeGreaterThan(0);
  });

  it('ends fast at a second signal, and is still safe', async () => {
    appliance = await startAppliance();
    const api = new ApiClient(appliance);
    await api.createStream('term', 'log');
    const { status } = await api.send('term', Buffer.from(line(1) + line(2)));
    process.kill(appliance.pid, 'SIGTERM');
    await appliance.stop('SIGTERM');
    await appliance.restart();
    expect(status).toBe(202);
    await expect.poll(() => totalOf(api), { timeout: 20_000 }).toBe(2);
  });

  async function totalOf(api: ApiClient): Promise<number> {
    const { body } = await api.logs({ stream: 'term', start_time: 'now-1h', end_time: 'now+1h', limit: 1 });
    return body.total;
  }
});
