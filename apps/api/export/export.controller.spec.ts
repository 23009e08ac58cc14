import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoSpaceError, TierError, type ParquetQuery, type ScanPiece, type ScanQuery } from '#plugin-kit';
import { decodeBody } from '../requests/decoding/decode-body.js';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const RANGE = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-02T00:00:00Z' };
const ID = `${'a'.repeat(32)}-3`;
let api: TestApi;
let authorization: string;
/** What the tier was asked, and what it gives. */
let scans: ScanQuery[];
let parquets: ParquetQuery[];
let events: object[][];
let failure: { readonly afterPieces: number; readonly error: Error } | undefined;
let discarded: number;

beforeEach(async () => {
  api = await startTestApi({ settings: { exportsAtOnce: 3, exportsAtOncePerKey: 2 } });
  authorization = api.access.add('analyst');
  [scans, parquets, failure, discarded] = [[], [], undefined, 0];
  events = [
    [{ event_id: 'x-0', level: '=1', attributes: { a: 1 } }],
    [{ event_id: 'x-1', attributes: {} }, { event_id: 'x-2' }],
  ];
  Object.assign(api.tier, { scan, exportParquet });
  await api.inject({
    method: 'POST',
    url: '/api/v1/streams',
    payload: { name: 'web' },
    headers: { authorization },
  });
});
afterEach(() => api.stop());

async function* scan(query: ScanQuery): AsyncGenerator<ScanPiece> {
  scans.push(query);
  for (const [n, piece] of events.entries()) {
    if (failure?.afterPieces === n) throw failure.error;
    const lines = Buffer.from(piece.map((event) => `${JSON.stringify(event)}\n`).join(''));
    yield { lines, count: piece.length };
  }
  if (failure && failure.afterPieces >= events.length) throw failure.error;
}
async function exportParquet(query: ParquetQuery) {
  parquets.push(query);
  if (failure) throw failure.error;
  const read = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('PAR1');
  };
  return { bytes: 4, read, discard: async () => void (discarded += 1) };
}
const post = (payload: object) =>
  api.inject({ method: 'POST', url: '/api/v1/logs/export', payload, headers: { authorization } });
const get = (query: string, method: 'GET' | 'HEAD' = 'GET') =>
  api.inject({ method, url: `/api/v1/logs/export?${query}`, headers: { authorization } });

describe('an export', () => {
  it('as NDJSON is what the tier gives, oldest first, as a download', async () => {
    const answer = await post(RANGE);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(
      events
        .flat()
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="logs-20260101T000000Z-20260102T000000Z.ndjson"',
      'x-content-type-options': 'nosniff',
      'alluvium-start-time': '2026-01-01T00:00:00.000000000Z',
      'alluvium-end-time': '2026-01-02T00:00:00.000000000Z',
    });
    expect(scans[0]).toMatchObject({ tenant: 'default', order: 'asc', timeoutMs: 30_000 });
    expect(scans[0]).not.toHaveProperty('after');
  });

  it('as JSON is one document, also without events', async () => {
    expect((await post({ ...RANGE, format: 'json' })).json()).toEqual({ logs: events.flat() });
    events = [];
    expect((await post({ ...RANGE, format: 'json' })).json()).toEqual({ logs: [] });
  });

  it('as CSV has a header, all columns and cells that are no formulas', async () => {
    const { body, headers } = await post({ ...RANGE, format: 'csv' });
    const [header, first] = body.split('\r\n');
    expect(header).toBe(
      'event_id,tenant,stream,source,timestamp,observed_timestamp,event_type,severity_number,id,level,service,host,message,trace_id,span_id,attributes,raw,raw_base64',
    );
    expect(first).toBe(`x-0,,,,,,,,,'=1,,,,,,"{""a"":1}",,`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect((await post({ ...RANGE, format: 'csv', fields: ['level', 'a'], csv_safe: false })).body).toBe(
      'level,a\r\n=1,1\r\n,\r\n,\r\n',
    );
  });

  it('has only the named fields', async () => {
    expect((await post({ ...RANGE, fields: ['a', 'event_id'] })).body).toBe(
      '{"a":1,"event_id":"x-0"}\n{"event_id":"x-1"}\n{"event_id":"x-2"}\n',
    );
  });

  it('is compressed as a file', async () => {
    const plain = (await post(RANGE)).body;
    const gzip = await post({ ...RANGE, compression: 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain);
    expect(gzip.headers).toMatchObject({ 'content-type': 'application/gzip' });
    expect(gzip.headers['content-disposition']).toContain('.ndjson.gz"');
    const zstd = await post({ ...RANGE, compression: 'zstd' });
    const hold = { grow: () => undefined, shrink: () => undefined };
    const decoded = await decodeBody({ encoding: 'zstd', bytes: zstd.rawPayload, limit: 1e6, hold });
    expect(decoded.toString()).toBe(plain);
    expect(zstd.headers['content-disposition']).toContain('.ndjson.zst"');
    expect([gzip.headers['content-encoding'], zstd.headers['content-encoding']]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('as Parquet is the file that the tier makes, within the space above the reserve', async () => {
    const answer = await post({ ...RANGE, format: 'parquet', fields: ['a'] });
    expect(answer.body).toBe('PAR1');
    expect(answer.headers).toMatchObject({
      'content-length': '4',
      'content-type': 'application/vnd.apache.parquet',
    });
    expect(parquets[0]).toMatchObject({ compression: 'zstd', fields: ['a'], spaceBytes: 1e12 - 1e11 });
    expect(discarded).toBe(1);
  });

  it('by a link takes the same', async () => {
    const query = new URLSearchParams([
      ...Object.entries(RANGE),
      ['stream', 'web'],
      ['level', 'error,warn'],
      ['filter', 'status:500'],
      ['filter', 'status:503'],
      ['filter', 'url:http://x/?a=b'],
      ['sort', 'desc'],
      ['format', 'csv'],
      ['fields', 'level,a'],
      ['csv_safe', 'false'],
    ]);
    expect((await get(query.toString())).body).toBe('level,a\r\n=1,1\r\n,\r\n,\r\n');
    const byPost = {
      ...RANGE,
      stream: 'web',
      level: ['error', 'warn'],
      filters: { status: ['500', '503'], url: 'http://x/?a=b' },
    };
    await post({ ...byPost, sort: 'desc' });
    expect(scans[0]).toEqual(scans[1]);
  });

  it('is only described by HEAD', async () => {
    const answer = await get(new URLSearchParams({ ...RANGE, format: 'parquet' }).toString(), 'HEAD');
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers['content-disposition']).toContain('.parquet');
    expect([scans, parquets]).toEqual([[], []]);
  });

  it('of a key that is held to some streams, and of another tenant, stays within them', async () => {
    authorization = api.access.add('held', ['logs:read'], { streams: new Set(['other']) });
    expect((await post({ ...RANGE, stream: 'web' })).json().code).toBe('forbidden');
    authorization = api.access.add('fresh', undefined, { tenant: 'fresh' });
    await post(RANGE);
    expect(scans.map(({ tenant, streams }) => [tenant, streams])).toEqual([['fresh', []]]);
  });
});

describe('an export that goes on', () => {
  const cursor = `2026-01-01T05:00:00.000000007Z,${ID}`;

  it('asks for what is behind the last event, and has no second header', async () => {
    const { body } = await post({ ...RANGE, cursor, format: 'csv', fields: ['event_id'] });
    expect(body).toBe('x-0\r\nx-1\r\nx-2\r\n');
    expect(scans[0]?.after).toEqual({ timestamp: 1_767_243_600_000_000_007n, block: 'a'.repeat(32), row: 3 });
  });

  it.each([
    ['json', 'format'],
    ['parquet', 'format'],
  ])('is refused as %s, and why', async (format, path) => {
    expect((await post({ ...RANGE, cursor, format })).json()).toMatchObject({
      status: 400,
      errors: [{ path }],
    });
  });

  it('is refused with times that move', async () => {
    expect((await post({ cursor, start_time: 'now-1h' })).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'start_time' }, { path: 'end_time' }],
    });
  });

  it.each(['', 'x', ID, `2026-01-01T05:00:00.000000007Z,${ID}x`, `2026-13-01T05:00:00.000000007Z,${ID}`])(
    'is refused from %j',
    async (wrong) => {
      expect((await post({ ...RANGE, cursor: wrong })).json()).toMatchObject({
        status: 400,
        code: 'cursor_invalid',
      });
    },
  );
});

describe('an export that fails', () => {
  it.each([
    ['timeout', 503, 'search_timeout'],
    ['unavailable', 503, 'search_unavailable'],
  ] as const)('before its first byte because of %s answers %i %s', async (kind, status, code) => {
    failure = { afterPieces: 0, error: new TierError(kind, 'the engine said so') };
    expect((await post(RANGE)).json()).toMatchObject({ status, code });
  });

  it('because the disk has no room says so', async () => {
    failure = { afterPieces: 0, error: new NoSpaceError('no room') };
    const answer = await post({ ...RANGE, format: 'parquet' });
    expect(answer.json()).toMatchObject({ status: 503, code: 'export_no_space' });
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });

  it.each(['ndjson', 'json', 'csv'])('after its first byte breaks the connection: %s', async (format) => {
    failure = { afterPieces: 1, error: new Error('the engine died') };
    await expect(post({ ...RANGE, format })).rejects.toThrow();
  });

  it('for mistakes lists each', async () => {
    const answer = await post({
      format: 'xml',
      compression: 'rar',
      fields: [],
      sort: 'up',
      csv_safe: 'x',
      filters: { a: [] },
    });
    const paths = (answer.json().errors as { path: string }[]).map(({ path }) => path).toSorted();
    expect(paths).toEqual(['compression', 'csv_safe', 'fields', 'filters.a', 'format', 'sort']);
    expect((await get('filter=x&format=xml')).json().errors).toHaveLength(2);
    expect((await post({ ...RANGE, format: 'parquet', sort: 'asc' })).json()).toMatchObject({
      errors: [{ path: 'sort' }],
    });
  });
});

describe('exports at once', () => {
  it('are bounded by key and in all, and give their slots back however they end', async () => {
    const { ExportSlots } = await import('./export-slots.js');
    const slots = api.app.get(ExportSlots);
    const held = [slots.take('k1'), slots.take('k1'), slots.take('k2')];
    expect(() => slots.take('k1')).toThrow('The key has 2');
    expect((await post(RANGE)).json()).toMatchObject({ status: 429, code: 'too_many_exports' });
    held.forEach((release) => release());
    held.forEach((release) => release());
    failure = { afterPieces: 1, error: new Error('the engine died') };
    for (let n = 0; n < 5; n += 1) await post(RANGE).catch(() => undefined);
    failure = { afterPieces: 0, error: new TierError('timeout', 'slow') };
    for (let n = 0; n < 5; n += 1) await post(RANGE);
    failure = undefined;
    for (let n = 0; n < 5; n += 1) expect((await post(RANGE)).statusCode).toBe(200);
  });
});
