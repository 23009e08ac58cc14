import { afterEach, beforeEach, expect, it } from 'vitest';
import { startIngestApi, type IngestApi } from './testing/ingest-api.js';

const GB = 1e9;
let api: IngestApi;
let ask: (method: 'POST' | 'PUT', path: string, payload: object) => Promise<number>;
beforeEach(async () => {
  api = await startIngestApi();
  const headers = { authorization: api.access.add('admin') };
  ask = async (method, path, payload) =>
    (await api.inject({ method, url: `/api/v1/${path}`, payload, headers })).statusCode;
  for (const name of ['debug', 'login', 'web']) await ask('POST', 'streams', { name });
  for (const [stream, kind] of Object.entries({ debug: 'low', login: 'critical' })) {
    const policy = { keep: 'search 30d -> delete', class: kind };
    await ask('PUT', `retention/policies/stream:${stream}`, policy);
  }
});
afterEach(() => api.stop());

/** Status and code of each class at this use of the disk of 2 TB. */
async function at(usedPercent: number): Promise<Readonly<Record<string, unknown>>> {
  api.disk.freeBytes = Math.round(2e12 * (1 - usedPercent / 100));
  const answers: Record<string, unknown> = {};
  for (const stream of ['debug', 'web', 'login']) {
    const { statusCode, json } = await api.send({ url: `/api/v1/streams/${stream}/events` });
    answers[stream] = statusCode === 202 ? 202 : [statusCode, json().code];
  }
  return answers;
}
const [FILLING, RESERVE] = [
  [429, 'disk_filling'],
  [503, 'disk_reserve'],
];

it('refuses streams of the class low first, critical ones last, and takes up with a margin', async () => {
  await api.settings.update({ disk_refuse_normal_at: 90 });
  expect(await at(79.9)).toEqual({ debug: 202, web: 202, login: 202 });
  expect(await at(80)).toEqual({ debug: FILLING, web: 202, login: 202 });
  expect(await at(90)).toEqual({ debug: FILLING, web: FILLING, login: 202 });
  expect(await at(95)).toEqual({ debug: RESERVE, web: RESERVE, login: RESERVE });
  expect(await at(94)).toEqual({ debug: RESERVE, web: RESERVE, login: RESERVE });
  expect(await at(88.1)).toEqual({ debug: FILLING, web: FILLING, login: 202 });
  expect(await at(79)).toEqual({ debug: FILLING, web: 202, login: 202 });
  expect(await at(77.9)).toEqual({ debug: 202, web: 202, login: 202 });
});

it('says why, from which share on, and when to come again; nothing was written', async () => {
  api.disk.freeBytes = 2e12 * 0.19;
  const answer = await api.send({ url: '/api/v1/streams/debug/events' });
  expect(answer.json().detail).toBe(
    'The disk of data, log, tier, catalogue is 81.0 % used. Streams of the class low are refused from 80 % until it is below 78 %; "debug" is one.',
  );
  expect(Number(answer.headers['retry-after'])).toBe(30);
  expect(api.bus.blocks).toEqual([]);
});

it('refuses a request whole, where a rule sends any of its events to a refused stream', async () => {
  const rule = { when: { contains: ['noise'] }, action: { stream: 'debug' } };
  expect(await ask('PUT', 'rules/noise', rule)).toBe(200);
  api.disk.freeBytes = 2e12 * 0.2;
  const web = { url: '/api/v1/streams/web/events' };
  expect((await api.send({ ...web, body: '{"m":"ok"}\n' })).statusCode).toBe(202);
  const mixed = await api.send({ ...web, body: '{"m":"ok"}\n{"m":"noise"}\n' });
  expect([mixed.statusCode, mixed.json().code]).toEqual([...FILLING]);
});

it('refuses what would touch the reserve, before the disk shows it', async () => {
  await api.settings.update({ disk_reserve_percent: 0, disk_reserve_bytes: GB, disk_refuse_normal_at: 100 });
  api.disk.freeBytes = GB + 100;
  const small = await api.send({ url: '/api/v1/streams/login/events' });
  expect(small.statusCode).toBe(202);
  const large = {
    url: '/api/v1/streams/login/events',
    body: '{"a":"0123456789012345678901234"}\n'.repeat(4),
  };
  expect((await api.send(large)).json().code).toBe('disk_reserve');
});
