import { startTestApi } from '../../testing/test-api.js';
import { ExportingTier } from './exporting-tier.js';

/** The day that is exported. */
export const RANGE = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-02T00:00:00Z' };

/** The API over a tier that exports, with one stream; two exports at once for a key, three in all. */
export async function startExportApi() {
  const api = await startTestApi({ settings: { exportsAtOnce: 3, exportsAtOncePerKey: 2 } });
  const analyst = api.access.add('analyst');
  const tier = new ExportingTier();
  Object.assign(api.tier, {
    scan: tier.scan.bind(tier),
    exportParquet: tier.exportParquet.bind(tier),
  });
  await api.inject({
    method: 'POST',
    url: '/api/v1/streams',
    payload: { name: 'web' },
    headers: { authorization: analyst },
  });
  const post = (payload: object, authorization = analyst) =>
    api.inject({ method: 'POST', url: '/api/v1/logs/export', payload, headers: { authorization } });
  const get = (query: string, method: 'GET' | 'HEAD' = 'GET') =>
    api.inject({ method, url: `/api/v1/logs/export?${query}`, headers: { authorization: analyst } });
  return { ...api, tier, post, get };
}

export type ExportApi = Awaited<ReturnType<typeof startExportApi>>;
