import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi({ settings: { searchesAtOncePerKey: 1, searchesAtOnce: 2 } });
});
afterEach(() => api.stop());

describe('searches at once', () => {
  it('are limited by key and in all, and say when to come again', async () => {
    const keys = [1, 2, 3].map((n) => api.access.add(`analyst-${n}`));
    const post = (n: number, url: string, payload: object) =>
      api.inject({ method: 'POST', url, payload, headers: { authorization: keys[n] ?? '' } });
    await post(0, '/api/v1/streams', { name: 'web' });
    api.tier.hangs = true;
    const ask = (n: number) => post(n, '/api/v1/logs', { limit: n + 1 });
    void ask(0);
    void ask(1);
    await vi.waitFor(() => expect(api.tier.queries).toHaveLength(2));
    for (const [n, whose] of [
      [0, 'The key'],
      [2, 'The server'],
    ] as const) {
      const refused = await ask(n);
      expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_searches' });
      expect(refused.json().detail).toContain(whose);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
  });
});
