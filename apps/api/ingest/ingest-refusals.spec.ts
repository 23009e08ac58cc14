import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBusError } from '#event-bus';
import { JSON_TYPE, startIngestApi, TEXT_TYPE, type IngestApi, type Sending } from './testing/ingest-api.js';

let api: IngestApi;

beforeEach(async () => {
  api = await startIngestApi();
});
afterEach(() => api.stop());

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
    ['an unknown parser', { ...TEXT_TYPE, url: '/api/v1/events?parser=nope' }, 400, 'parser_unknown'],
    ['a parser for JSON', { url: '/api/v1/events?parser=auto' }, 400, 'invalid_request'],
    ['strict text', { ...TEXT_TYPE, url: '/api/v1/events?strict=true' }, 400, 'invalid_request'],
    ['an unknown parameter', { url: '/api/v1/events?strcit=true' }, 400, 'invalid_request'],
    ['a JSON scalar', { ...JSON_TYPE, body: '12' }, 400, 'invalid_json'],
    ['an array that breaks off', { ...JSON_TYPE, body: '[{"a":1},' }, 400, 'invalid_json'],
    ['several objects as one', { ...JSON_TYPE, body: '{"a":1}\n{"b":2}' }, 400, 'invalid_json'],
    ['an empty array', { ...JSON_TYPE, body: '[]' }, 400, 'empty_body'],
    ['a long element', { ...JSON_TYPE, body: `[{},"${'x'.repeat(64)}"]` }, 413, 'line_too_long'],
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
    const answer = await api.send(sending);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json().mend).toMatch(/\w/);
    expect(api.bus.blocks).toEqual([]);
  });

  it('name the line that is too long', async () => {
    const answer = await api.send({ body: `{}\n\n${'x'.repeat(65)}\n` });
    expect(answer.json().detail).toContain('Line 3 has 65 bytes');
  });

  it('because the key may not touch the stream are refused', async () => {
    const key = api.access.add('held', ['events:write', 'streams:create'], { streams: new Set(['mine']) });
    const answer = await api.send({ url: '/api/v1/streams/theirs/events', key });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
  });

  it('over the limit of a body say its number, whether or not the length was declared', async () => {
    await api.stop();
    api = await startIngestApi({ limitsBodyEncodedBytes: 1024 });
    const declared = await api.send({ body: 'x'.repeat(1025) });
    expect(declared.statusCode).toBe(413);
    expect(declared.json().detail).toContain('1024');
    expect((await api.send({ body: `${'x'.repeat(1023)}\n` })).statusCode).toBe(202);
  });
});

describe('trouble that may pass', () => {
  it.each([
    ['bus_full', 503],
    ['bus_unavailable', 503],
    ['outcome_unknown', 503],
  ] as const)('%s refuses the whole request and says when to come again', async (code, status) => {
    api.bus.failure = new EventBusError(code, 'the disk says no');
    const answer = await api.send();
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('a disk at its reserve refuses before anything is written, and takes again when there is room', async () => {
    api.disk.freeBytes = 1e9;
    const answer = await api.send();
    expect([answer.statusCode, answer.json().code, api.bus.blocks.length]).toEqual([503, 'disk_reserve', 0]);
    expect(answer.headers['retry-after']).toBeDefined();
    api.disk.freeBytes = 1e12;
    expect((await api.send()).statusCode).toBe(202);
  });

  it('a full backlog refuses after a wait, unless room is made meanwhile', async () => {
    api.bus.extraBacklogBytes = 2 ** 40;
    const answer = await api.send();
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'backlog_full']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    const waiting = api.send();
    api.bus.extraBacklogBytes = 0;
    expect((await waiting).statusCode).toBe(202);
  });
});
