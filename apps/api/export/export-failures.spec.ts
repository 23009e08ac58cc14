import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoSpaceError, TierError } from '#plugin-kit';
import { RANGE, startExportApi, type ExportApi } from './testing/export-api.js';

let api: ExportApi;

beforeEach(async () => {
  api = await startExportApi();
});
afterEach(() => api.stop());

describe('an export that fails', () => {
  it.each([
    ['timeout', 503, 'search_timeout'],
    ['unavailable', 503, 'search_unavailable'],
  ] as const)('before its first byte because of %s answers %i %s', async (kind, status, code) => {
    api.tier.failure = { afterPieces: 0, error: new TierError(kind, 'the engine said so') };
    expect((await api.post(RANGE)).json()).toMatchObject({ status, code });
  });

  it('because the disk has no room says so', async () => {
    api.tier.failure = { afterPieces: 0, error: new NoSpaceError('no room') };
    const answer = await api.post({ ...RANGE, format: 'parquet' });
    expect(answer.json()).toMatchObject({ status: 503, code: 'export_no_space' });
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });

  it.each(['ndjson', 'json', 'csv'])('after its first byte breaks the connection: %s', async (format) => {
    api.tier.failure = { afterPieces: 1, error: new Error('the engine died') };
    await expect(api.post({ ...RANGE, format })).rejects.toThrow();
  });

  it('for mistakes lists each', async () => {
    const answer = await api.post({
      format: 'xml',
      compression: 'rar',
      fields: [],
      sort: 'up',
      csv_safe: 'x',
      filters: { a: [] },
    });
    const paths = (answer.json().errors as { path: string }[]).map(({ path }) => path).toSorted();
    expect(paths).toEqual(['compression', 'csv_safe', 'fields', 'filters.a', 'format', 'sort']);
    expect((await api.get('filter=x&format=xml')).json().errors).toHaveLength(2);
    expect((await api.post({ ...RANGE, format: 'parquet', sort: 'asc' })).json()).toMatchObject({
      errors: [{ path: 'sort' }],
    });
  });
});
