import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBody } from '../requests/decoding/decode-body.js';
import { RANGE, startExportApi, type ExportApi } from './testing/export-api.js';

let api: ExportApi;

beforeEach(async () => {
  api = await startExportApi();
});
afterEach(() => api.stop());

describe('an export', () => {
  it('as NDJSON is what the tier gives, oldest first, as a download', async () => {
    const answer = await api.post(RANGE);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(
      api.tier.events
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
    expect(api.tier.scans[0]).toMatchObject({ tenant: 'default', order: 'asc', timeoutMs: 30_000 });
    expect(api.tier.scans[0]).not.toHaveProperty('after');
  });

  it('as JSON is one document, also without events', async () => {
    expect((await api.post({ ...RANGE, format: 'json' })).json()).toEqual({ logs: api.tier.events.flat() });
    api.tier.events = [];
    expect((await api.post({ ...RANGE, format: 'json' })).json()).toEqual({ logs: [] });
  });

  it('as CSV has a header, all columns and cells that are no formulas', async () => {
    const { body, headers } = await api.post({ ...RANGE, format: 'csv' });
    const [header, first] = body.split('\r\n');
    expect(header).toBe(
      'event_id,tenant,stream,source,timestamp,observed_timestamp,event_type,severity_number,id,level,service,host,message,trace_id,span_id,attributes,raw,raw_base64',
    );
    expect(first).toBe(`x-0,,,,,,,,,'=1,,,,,,"{""a"":1}",,`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect((await api.post({ ...RANGE, format: 'csv', fields: ['level', 'a'], csv_safe: false })).body).toBe(
      'level,a\r\n=1,1\r\n,\r\n,\r\n',
    );
  });

  it('has only the named fields', async () => {
    expect((await api.post({ ...RANGE, fields: ['a', 'event_id'] })).body).toBe(
      '{"a":1,"event_id":"x-0"}\n{"event_id":"x-1"}\n{"event_id":"x-2"}\n',
    );
  });

  it('is compressed as a file', async () => {
    const plain = (await api.post(RANGE)).body;
    const gzip = await api.post({ ...RANGE, compression: 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain);
    expect(gzip.headers).toMatchObject({ 'content-type': 'application/gzip' });
    expect(gzip.headers['content-disposition']).toContain('.ndjson.gz"');
    const zstd = await api.post({ ...RANGE, compression: 'zstd' });
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
    const answer = await api.post({ ...RANGE, format: 'parquet', fields: ['a'] });
    expect(answer.body).toBe('PAR1');
    expect(answer.headers).toMatchObject({
      'content-length': '4',
      'content-type': 'application/vnd.apache.parquet',
    });
    expect(api.tier.parquets[0]).toMatchObject({
      compression: 'zstd',
      fields: ['a'],
      spaceBytes: 1e12 - 1e11,
    });
    expect(api.tier.discarded).toBe(1);
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
    expect((await api.get(query.toString())).body).toBe('level,a\r\n=1,1\r\n,\r\n,\r\n');
    const byPost = {
      ...RANGE,
      stream: 'web',
      level: ['error', 'warn'],
      filters: { status: ['500', '503'], url: 'http://x/?a=b' },
    };
    await api.post({ ...byPost, sort: 'desc' });
    expect(api.tier.scans[0]).toEqual(api.tier.scans[1]);
  });

  it('is only described by HEAD', async () => {
    const answer = await api.get(new URLSearchParams({ ...RANGE, format: 'parquet' }).toString(), 'HEAD');
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers['content-disposition']).toContain('.parquet');
    expect([api.tier.scans, api.tier.parquets]).toEqual([[], []]);
  });

  it('of a key that is held to some streams, and of another tenant, stays within them', async () => {
    const held = api.access.add('held', ['logs:read'], { streams: new Set(['other']) });
    expect((await api.post({ ...RANGE, stream: 'web' }, held)).json().code).toBe('forbidden');
    const fresh = api.access.add('fresh', undefined, { tenant: 'fresh' });
    await api.post(RANGE, fresh);
    expect(api.tier.scans.map(({ tenant, streams }) => [tenant, streams])).toEqual([['fresh', []]]);
  });
});
