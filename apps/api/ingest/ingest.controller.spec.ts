import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBusError } from '#event-bus';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi({ settings: { admissionWaitMs: 30, limitsLineBytes: 64 } });
  key = api.access.add('agent');
});
afterEach(() => api.stop());

interface Sending {
  readonly url?: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

function send({ url = '/api/v1/events', body = '{"a":1}\n', headers = {} }: Sending = {}) {
  const all = { authorization: key, 'content-type': 'application/x-ndjson', ...headers };
  return api.inject({ method: 'POST', url, payload: body, headers: all });
}

describe('events that are accepted', () => {
  it('are on the bus, line by line as they came, with their origin, and have a receipt', async () => {
    const answer = await send({ body: '{"a":1}\r\n\n{"a": 2}', headers: { 'alluvium-source': 'edge.7' } });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ receipt: expect.any(String), accepted: 2 });
    expect(api.bus.lines).toEqual(['{"a":1}', '{"a": 2}']);
    expect(api.bus.blocks[0]?.header).toMatchObject({
      tenant: 'default',
      stream: 'default',
      source: 'edge.7',
      format: 'ndjson',
      count: 2,
    });
    expect(answer.headers.location).toBe(`/api/v1/receipts/${answer.json().receipt}`);
    const receipt = await api.inject({
      url: String(answer.headers.location),
      headers: { authorization: key },
    });
    expect(receipt.json()).toMatchObject({ accepted: 2, pending: 2, stored: 0 });
  });

  it.each(['application/x-ndjson; charset=utf-8', 'application/ndjson', 'application/jsonl'])(
    'may be sent as %s',
    async (type) => {
      expect((await send({ headers: { 'content-type': type } })).statusCode).toBe(202);
    },
  );

  it('go to the stream of the path, made now where the key may', async () => {
    expect((await send({ url: '/api/v1/streams/web/events' })).statusCode).toBe(202);
    expect(api.bus.blocks[0]?.header).toMatchObject({ stream: 'web', source: 'agent' });
    key = api.access.add('plain', ['events:write']);
    expect((await send({ url: '/api/v1/streams/web/events' })).statusCode).toBe(202);
    const unknown = await send({ url: '/api/v1/streams/other/events' });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'stream_unknown']);
  });

  it('may be larger than any one chunk and keep their bytes', async () => {
    const body = Buffer.from('{"message":"ä"}\n'.repeat(60_000));
    const answer = await send({ body });
    expect(answer.json().accepted).toBe(60_000);
    expect(Buffer.concat(api.bus.blocks.map((block) => Buffer.from(block.body))).equals(body)).toBe(true);
  });
});

describe('events that are refused', () => {
  const cases: readonly (readonly [string, Sending, number, string])[] = [
    ['an empty body', { body: '' }, 400, 'empty_body'],
    ['only blank lines', { body: '\n \n\r\n' }, 400, 'empty_body'],
    ['a long line', { body: `{"a":1}\n${'x'.repeat(65)}\n` }, 413, 'line_too_long'],
    [
      'a body of another type',
      { headers: { 'content-type': 'application/json' } },
      415,
      'unsupported_media_type',
    ],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415, 'unsupported_encoding'],
    ['a bad source', { headers: { 'alluvium-source': 'Ä B' } }, 400, 'source_invalid'],
    [
      'a bad idempotency key',
      { headers: { 'idempotency-key': 'k'.repeat(256) } },
      400,
      'idempotency_key_invalid',
    ],
    ['a bad stream name', { url: '/api/v1/streams/..%2fetc/events' }, 400, 'stream_name_invalid'],
  ];

  it.each(cases)('because of %s say why, and nothing is written', async (_, sending, status, code) => {
    const answer = await send(sending);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json().mend).toMatch(/\w/);
    expect(api.bus.blocks).toEqual([]);
  });

  it('name the line that is too long', async () => {
    const answer = await send({ body: `{}\n\n${'x'.repeat(65)}\n` });
    expect(answer.json().detail).toContain('Line 3 has 65 bytes');
  });

  it('because the key may not touch the stream are refused', async () => {
    key = api.access.add('held', ['events:write', 'streams:create'], { streams: new Set(['mine']) });
    const answer = await send({ url: '/api/v1/streams/theirs/events' });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
  });

  it('over the limit of a body say its number, whether or not the length was declared', async () => {
    await api.stop();
    api = await startTestApi({ settings: { limitsBodyEncodedBytes: 1024 } });
    key = api.access.add('agent');
    const declared = await send({ body: 'x'.repeat(1025) });
    expect(declared.statusCode).toBe(413);
    expect(declared.json().detail).toContain('1024');
    expect((await send({ body: `${'x'.repeat(1023)}\n` })).statusCode).toBe(202);
  });
});

describe('trouble that may pass', () => {
  it.each([
    ['bus_full', 503],
    ['bus_unavailable', 503],
    ['outcome_unknown', 503],
  ] as const)('%s refuses the whole request and says when to come again', async (code, status) => {
    api.bus.failure = new EventBusError(code, 'the disk says no');
    const answer = await send();
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('a disk at its reserve refuses before anything is written, and takes again when there is room', async () => {
    api.disk.freeBytes = 1e9;
    const answer = await send();
    expect([answer.statusCode, answer.json().code, api.bus.blocks.length]).toEqual([503, 'disk_reserve', 0]);
    expect(answer.headers['retry-after']).toBeDefined();
    api.disk.freeBytes = 1e12;
    expect((await send()).statusCode).toBe(202);
  });

  it('a full backlog refuses after a wait, unless room is made meanwhile', async () => {
    api.bus.extraBacklogBytes = 2 ** 40;
    const answer = await send();
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'backlog_full']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    const waiting = send();
    api.bus.extraBacklogBytes = 0;
    expect((await waiting).statusCode).toBe(202);
  });
});

describe('a repeated request', () => {
  const headers = { 'idempotency-key': 'order 66' };

  it('has the same answer, marked, and is written once', async () => {
    const first = await send({ headers });
    const second = await send({ headers });
    expect([second.statusCode, second.json()]).toEqual([202, first.json()]);
    expect([first, second].map((each) => each.headers['idempotency-replayed'])).toEqual([undefined, 'true']);
    expect(api.bus.lines).toHaveLength(1);
  });

  it.each([
    ['other bytes', { body: '{"a":2}\n' }],
    ['another stream', { url: '/api/v1/streams/web/events' }],
    ['another source', { headers: { ...headers, 'alluvium-source': 'else' } }],
  ])('with %s is refused', async (_, sending) => {
    await send({ headers });
    const answer = await send({ headers, ...sending });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('of another tenant is no repeat', async () => {
    await send({ headers });
    key = api.access.add('other', undefined, { tenant: 'acme' });
    expect((await send({ headers })).headers['idempotency-replayed']).toBeUndefined();
  });
});

describe('Prefer: wait', () => {
  it('answers with the verdicts once the events are settled', async () => {
    api.bus.whenCommitted = async () => (api.bus.commitAll(), true);
    const answer = await send({ headers: { prefer: 'respond-async, wait=5' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=5');
    expect(answer.json()).toMatchObject({ accepted: 1, stored: 1, pending: 0, refused: [] });
  });

  it('acknowledges where the time is over', async () => {
    const answer = await send({ headers: { prefer: 'wait=0' } });
    expect([answer.statusCode, answer.headers['preference-applied']]).toEqual([202, undefined]);
  });
});

it('counts what was accepted and what was refused', async () => {
  await send({ body: '{}\n{}\n' });
  await send({ body: '' });
  const text = await api.metrics.metrics();
  expect(text).toContain('alluvium_events_accepted_total 2');
  expect(text).toContain('alluvium_ingest_refused_total{code="empty_body"} 1');
  expect(text).toContain('alluvium_backlog_events 2');
});
