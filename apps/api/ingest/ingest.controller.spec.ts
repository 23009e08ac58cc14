import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { EventBusError } from '#event-bus';
import { rawBlock, zstdFrame } from '../requests/decoding/testing/zstd-frames.js';
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

const json = { headers: { 'content-type': 'application/json' } };
const text = { headers: { 'content-type': 'text/plain' } };

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

  it('may be sent as a JSON object or array', async () => {
    expect((await send({ ...json, body: '\ufeff{"a":\r\n1}' })).json().accepted).toBe(1);
    expect((await send({ ...json, body: '[{"b":2} , {"c":"]"}]\n' })).json().accepted).toBe(2);
    expect(api.bus.lines).toEqual(['{"a":  1}', '{"b":2}', '{"c":"]"}']);
    expect(api.bus.blocks[0]?.header.format).toBe('ndjson');
  });

  it.each([
    ['', 'auto'],
    ['?parser=auto', 'auto'],
  ])('may be sent as lines of text with %j', async (query, parser) => {
    const answer = await send({ ...text, url: `/api/v1/events${query}`, body: 'one\r\n\ntwo' });
    expect([answer.statusCode, answer.json().accepted]).toEqual([202, 2]);
    expect(api.bus.lines).toEqual(['one', 'two']);
    expect(api.bus.blocks[0]?.header).toMatchObject({ format: 'lines', parser, count: 2 });
  });

  it('share no block with events that are read in another way', async () => {
    await Promise.all([send(), send({ ...text, body: 'a' }), send(), send({ ...text, body: 'b' })]);
    const blocks = api.bus.blocks.map(({ header: { format, parser } }) => `${format} ${parser}`);
    expect(new Set(blocks)).toEqual(new Set(['ndjson undefined', 'lines auto']));
  });

  it.each<[string, (body: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', (body) => zstdFrame([rawBlock(body)])],
  ])('may be compressed with %s', async (encoding, compress) => {
    const answer = await send({
      body: compress(Buffer.from('{"a":1}\n{"a":2}')),
      headers: { 'content-encoding': encoding },
    });
    expect([answer.statusCode, answer.json().accepted]).toEqual([202, 2]);
    expect(api.bus.lines).toEqual(['{"a":1}', '{"a":2}']);
  });

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
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a character set other than UTF-8',
      { headers: { 'content-type': 'text/plain; charset="ISO-8859-1"' } },
      415,
      'unsupported_charset',
    ],
    ['two layers', { headers: { 'content-encoding': 'gzip, gzip' } }, 415, 'unsupported_encoding'],
    ['an unknown layer', { headers: { 'content-encoding': 'lzma' } }, 415, 'unsupported_encoding'],
    ['a layer that is not there', { headers: { 'content-encoding': 'gzip' } }, 400, 'encoding_damaged'],
    ['an unknown parser', { ...text, url: '/api/v1/events?parser=nope' }, 400, 'parser_unknown'],
    ['a parser for JSON', { url: '/api/v1/events?parser=auto' }, 400, 'invalid_request'],
    ['strict text', { ...text, url: '/api/v1/events?strict=true' }, 400, 'invalid_request'],
    ['an unknown parameter', { url: '/api/v1/events?strcit=true' }, 400, 'invalid_request'],
    ['a JSON scalar', { ...json, body: '12' }, 400, 'invalid_json'],
    ['an array that breaks off', { ...json, body: '[{"a":1},' }, 400, 'invalid_json'],
    ['several objects as one', { ...json, body: '{"a":1}\n{"b":2}' }, 400, 'invalid_json'],
    ['an empty array', { ...json, body: '[]' }, 400, 'empty_body'],
    ['a long element', { ...json, body: `[{},"${'x'.repeat(64)}"]` }, 413, 'line_too_long'],
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
    ['another type', { headers: { ...headers, ...text.headers } }],
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

describe('a strict request', () => {
  const url = '/api/v1/streams/web/events?strict=true';

  it('is taken where every event is right', async () => {
    expect((await send({ url })).statusCode).toBe(202);
    expect((await send({ ...json, url, body: '[{"a":1},{"timestamp":"now"}]' })).statusCode).toBe(422);
    expect((await send({ url: '/api/v1/events?strict=false', body: 'no' })).statusCode).toBe(202);
  });

  it('is refused whole with a list, and not even its stream is made', async () => {
    const answer = await send({ url, body: '{"a":1}\n\nno\n{"timestamp":"yesterday"}\n' });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'events_invalid']);
    expect(answer.json()).toMatchObject({
      detail: '2 of 3 events would be refused; nothing was written.',
      errors_total: 2,
      errors: [
        { path: '[1]', index: 1, code: 'not_json', message: expect.any(String), mend: expect.any(String) },
        { path: '[2].timestamp', index: 2, code: 'bad:timestamp', field: 'timestamp' },
      ],
    });
    expect(api.bus.blocks).toEqual([]);
    const streams = await api.inject({ url: '/api/v1/streams', headers: { authorization: key } });
    expect(streams.body).not.toContain('web');
  });

  it('lists the first hundred mistakes and says how many there are', async () => {
    const { errors, errors_total: total } = (await send({ url, body: 'no\n'.repeat(250) })).json();
    expect([errors.length, errors[99].index, total]).toEqual([100, 99, 250]);
  });
});
