import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawBlock, zstdFrame } from '../requests/decoding/testing/zstd-frames.js';
import { JSON_TYPE, startIngestApi, TEXT_TYPE, type IngestApi } from './testing/ingest-api.js';

let api: IngestApi;

beforeEach(async () => {
  api = await startIngestApi();
});
afterEach(() => api.stop());

describe('events that are accepted', () => {
  it('are on the bus, line by line as they came, with their origin, and have a receipt', async () => {
    const answer = await api.send({
      body: '{"a":1}\r\n\n{"a": 2}',
      headers: { 'alluvium-source': 'edge.7' },
    });
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
      headers: { authorization: api.agent },
    });
    expect(receipt.json()).toMatchObject({ accepted: 2, pending: 2, stored: 0 });
  });

  it.each(['application/x-ndjson; charset=utf-8', 'application/ndjson', 'application/jsonl'])(
    'may be sent as %s',
    async (type) => {
      expect((await api.send({ headers: { 'content-type': type } })).statusCode).toBe(202);
    },
  );

  it('may be sent as a JSON object or array', async () => {
    expect((await api.send({ ...JSON_TYPE, body: '\ufeff{"a":\r\n1}' })).json().accepted).toBe(1);
    expect((await api.send({ ...JSON_TYPE, body: '[{"b":2} , {"c":"]"}]\n' })).json().accepted).toBe(2);
    expect(api.bus.lines).toEqual(['{"a":  1}', '{"b":2}', '{"c":"]"}']);
    expect(api.bus.blocks[0]?.header.format).toBe('ndjson');
  });

  it.each([
    ['', 'auto'],
    ['?parser=auto', 'auto'],
  ])('may be sent as lines of text with %j', async (query, parser) => {
    const answer = await api.send({ ...TEXT_TYPE, url: `/api/v1/events${query}`, body: 'one\r\n\ntwo' });
    expect([answer.statusCode, answer.json().accepted]).toEqual([202, 2]);
    expect(api.bus.lines).toEqual(['one', 'two']);
    expect(api.bus.blocks[0]?.header).toMatchObject({ format: 'lines', parser, count: 2 });
  });

  it('share no block with events that are read in another way', async () => {
    await Promise.all([
      api.send(),
      api.send({ ...TEXT_TYPE, body: 'a' }),
      api.send(),
      api.send({ ...TEXT_TYPE, body: 'b' }),
    ]);
    const blocks = api.bus.blocks.map(({ header: { format, parser } }) => `${format} ${parser}`);
    expect(new Set(blocks)).toEqual(new Set(['ndjson undefined', 'lines auto']));
  });

  it.each<[string, (body: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', (body) => zstdFrame([rawBlock(body)])],
  ])('may be compressed with %s', async (encoding, compress) => {
    const answer = await api.send({
      body: compress(Buffer.from('{"a":1}\n{"a":2}')),
      headers: { 'content-encoding': encoding },
    });
    expect([answer.statusCode, answer.json().accepted]).toEqual([202, 2]);
    expect(api.bus.lines).toEqual(['{"a":1}', '{"a":2}']);
  });

  it('go to the stream of the path, made now where the key may', async () => {
    expect((await api.send({ url: '/api/v1/streams/web/events' })).statusCode).toBe(202);
    expect(api.bus.blocks[0]?.header).toMatchObject({ stream: 'web', source: 'agent' });
    const key = api.access.add('plain', ['events:write']);
    expect((await api.send({ url: '/api/v1/streams/web/events', key })).statusCode).toBe(202);
    const unknown = await api.send({ url: '/api/v1/streams/other/events', key });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'stream_unknown']);
  });

  it('may be larger than any one chunk and keep their bytes', async () => {
    const body = Buffer.from('{"message":"ä"}\n'.repeat(60_000));
    const answer = await api.send({ body });
    expect(answer.json().accepted).toBe(60_000);
    expect(Buffer.concat(api.bus.blocks.map((block) => Buffer.from(block.body))).equals(body)).toBe(true);
  });
});

describe('Prefer: wait', () => {
  it('answers with the verdicts once the events are settled', async () => {
    api.bus.whenCommitted = async () => (api.bus.commitAll(), true);
    const answer = await api.send({ headers: { prefer: 'respond-async, wait=5' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=5');
    expect(answer.json()).toMatchObject({ accepted: 1, stored: 1, pending: 0, refused: [] });
  });

  it('acknowledges where the time is over', async () => {
    const answer = await api.send({ headers: { prefer: 'wait=0' } });
    expect([answer.statusCode, answer.headers['preference-applied']]).toEqual([202, undefined]);
  });
});

it('counts what was accepted and what was refused', async () => {
  await api.send({ body: '{}\n{}\n' });
  await api.send({ body: '' });
  const text = await api.metrics.metrics();
  expect(text).toContain('alluvium_events_accepted_total 2');
  expect(text).toContain('alluvium_ingest_refused_total{code="empty_body"} 1');
  expect(text).toContain('alluvium_backlog_events 2');
});
