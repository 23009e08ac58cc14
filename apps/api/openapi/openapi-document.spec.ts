import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ docs: true });
});
afterAll(() => api.stop());

interface Operation {
  readonly summary?: string;
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { properties?: object } }> };
  readonly parameters?: readonly { readonly name: string }[];
}

describe('the documentation', () => {
  it('is served without a key and names every route with a summary', async () => {
    expect((await api.inject({ url: '/docs' })).body).toContain('swagger-ui');
    const { paths } = (await api.inject({ url: '/docs-json' })).json() as {
      paths: Record<string, Record<string, Operation>>;
    };
    expect(Object.keys(paths)).toContain('/api/v1/streams/{stream}/events');
    for (const operations of Object.values(paths))
      for (const operation of Object.values(operations)) expect(operation.summary).toMatch(/\w/);
  });

  it('knows what a search takes and gives', async () => {
    const { paths } = (await api.inject({ url: '/docs-json' })).json();
    const { post } = paths['/api/v1/logs'] as Record<string, Operation>;
    const body = post?.requestBody?.content['application/json']?.schema;
    expect(Object.keys(body?.properties ?? {})).toEqual(
      expect.arrayContaining(['start_time', 'stream', 'filters', 'limit']),
    );
    expect(JSON.stringify(post?.responses['200'])).toContain('total_is_exact');
    expect(post?.security).toEqual([{ bearer: [] }]);
    const events = paths['/api/v1/events'].post as Operation;
    expect(Object.keys(events.requestBody?.content ?? {})).toContain('application/x-ndjson');
    const quarantine = paths['/api/v1/quarantine'].get as Operation;
    expect(quarantine.parameters?.map(({ name }) => name)).toContain('reason');
  });

  it('is not there where it is turned off', async () => {
    const silent = await startTestApi({ docs: false });
    expect((await silent.inject({ url: '/docs' })).statusCode).toBe(404);
    await silent.stop();
  });
});
