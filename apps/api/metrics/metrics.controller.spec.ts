import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const scrape = (remoteAddress: string, headers: Record<string, string> = {}) =>
  api.inject({ url: '/metrics', remoteAddress, headers });

it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('need no key from %s', async (peer) => {
  const answer = await scrape(peer);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.body).toContain('alluvium_backlog_bytes 0');
});

it('need one from elsewhere, also through a proxy on this machine', async () => {
  expect((await scrape('192.0.2.7')).statusCode).toBe(401);
  expect((await scrape('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' })).statusCode).toBe(401);
  const authorization = api.access.add('prometheus', ['metrics']);
  expect((await scrape('192.0.2.7', { authorization })).statusCode).toBe(200);
});

it('count requests by route, not by path, and problems by code', async () => {
  const authorization = api.access.add('analyst', ['logs:read']);
  await api.inject({ url: '/api/v1/logs/1', headers: { authorization } });
  const { body } = await scrape('127.0.0.1');
  expect(body).toContain('route="/api/v1/logs/:event_id",method="GET",status="400"} 1');
  expect(body).toContain('alluvium_http_problems_total{code="event_id_invalid"} 1');
});
