import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TierError } from '#plugin-kit';
import { ExportSlots } from './export-slots.js';
import { RANGE, startExportApi, type ExportApi } from './testing/export-api.js';

let api: ExportApi;

beforeEach(async () => {
  api = await startExportApi();
});
afterEach(() => api.stop());

describe('exports at once', () => {
  it('are bounded by key and in all, and give their slots back however they end', async () => {
    const slots = api.app.get(ExportSlots);
    const held = [slots.take('k1'), slots.take('k1'), slots.take('k2')];
    expect(() => slots.take('k1')).toThrow('The key has 2');
    expect((await api.post(RANGE)).json()).toMatchObject({ status: 429, code: 'too_many_exports' });
    held.forEach((release) => release());
    held.forEach((release) => release());
    api.tier.failure = { afterPieces: 1, error: new Error('the engine died') };
    for (let n = 0; n < 5; n += 1) await api.post(RANGE).catch(() => undefined);
    api.tier.failure = { afterPieces: 0, error: new TierError('timeout', 'slow') };
    for (let n = 0; n < 5; n += 1) await api.post(RANGE);
    api.tier.failure = undefined;
    for (let n = 0; n < 5; n += 1) expect((await api.post(RANGE)).statusCode).toBe(200);
  });
});
