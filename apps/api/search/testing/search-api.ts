import { startTestApi } from '../../testing/test-api.js';

/** The API with two streams, `web` and `db`, and ways to search them with the key of an analyst. */
export async function startSearchApi() {
  const api = await startTestApi();
  const analyst = api.access.add('analyst');
  const post = (url: string, payload: object, authorization = analyst) =>
    api.inject({ method: 'POST', url, payload, headers: { authorization } });
  for (const name of ['web', 'db']) await post('/api/v1/streams', { name });
  const search = (payload: object, key?: string) => post('/api/v1/logs', payload, key);
  const get = (url: string) => api.inject({ url, headers: { authorization: analyst } });
  return { ...api, search, get };
}

export type SearchApi = Awaited<ReturnType<typeof startSearchApi>>;
