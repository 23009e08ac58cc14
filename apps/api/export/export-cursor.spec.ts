import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RANGE, startExportApi, type ExportApi } from './testing/export-api.js';

const ID = `${'a'.repeat(32)}-3`;

let api: ExportApi;

beforeEach(async () => {
  api = await startExportApi();
});
afterEach(() => api.stop());

describe('an export that goes on', () => {
  const cursor = `2026-01-01T05:00:00.000000007Z,${ID}`;

  it('asks for what is behind the last event, and has no second header', async () => {
    const { body } = await api.post({ ...RANGE, cursor, format: 'csv', fields: ['event_id'] });
    expect(body).toBe('x-0\r\nx-1\r\nx-2\r\n');
    expect(api.tier.scans[0]?.after).toEqual({
      timestamp: 1_767_243_600_000_000_007n,
      block: 'a'.repeat(32),
      row: 3,
    });
  });

  it.each([
    ['json', 'format'],
    ['parquet', 'format'],
  ])('is refused as %s, and why', async (format, path) => {
    expect((await api.post({ ...RANGE, cursor, format })).json()).toMatchObject({
      status: 400,
      errors: [{ path }],
    });
  });

  it('is refused with times that move', async () => {
    expect((await api.post({ cursor, start_time: 'now-1h' })).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'start_time' }, { path: 'end_time' }],
    });
  });

  it.each(['', 'x', ID, `2026-01-01T05:00:00.000000007Z,${ID}x`, `2026-13-01T05:00:00.000000007Z,${ID}`])(
    'is refused from %j',
    async (wrong) => {
      expect((await api.post({ ...RANGE, cursor: wrong })).json()).toMatchObject({
        status: 400,
        code: 'cursor_invalid',
      });
    },
  );
});
