import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginRegistry } from '#plugin-host';
import { makeParserPlugin } from '#plugin-kit/testing';
import regex from '../plugins/parser-regex/index.js';
import { startTestApi, type TestApi } from '../apps/api/testing/test-api.js';

const SHOP = { kind: 'regex', options: { patterns: ['^(?P<level>[A-Z]+) (?P<message>.*)$'] } };
const plain = makeParserPlugin('plain', (text) => ({ kind: 'event', event: { message: text } }));

let api: TestApi;
let key: string;
beforeEach(async () => {
  api = await startTestApi({ plugins: createPluginRegistry([plain, regex]) });
  key = api.access.add('admin');
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'DELETE', path: string) =>
  api.inject({ method, url: `/api/v1/${path}`, headers: { authorization: key } });
const send = (parser: string, payload: string) =>
  api.inject({
    ...{ method: 'POST', url: `/api/v1/events?parser=${parser}`, payload },
    headers: { authorization: key, 'content-type': 'text/plain' },
  });

describe('declared parsers', () => {
  it('have an ETag, by which a change is refused that is not meant for what they are', async () => {
    const change = (method: 'PUT' | 'DELETE', tag: string) =>
      api.inject({
        ...{ method, url: '/api/v1/parsers/shop', headers: { authorization: key, 'if-match': tag } },
        ...(method === 'PUT' && { payload: SHOP }),
      });
    expect((await change('PUT', '"0"')).headers['etag']).toBe('"1"');
    expect((await change('PUT', '"1"')).headers['etag']).toBe('"2"');
    expect((await ask('GET', 'parsers/shop')).headers['etag']).toBe('"2"');
    for (const method of ['PUT', 'DELETE'] as const)
      expect((await change(method, '"1"')).json()).toMatchObject({ status: 412, code: 'parser_conflict' });
    expect((await change('PUT', 'shop')).json()).toMatchObject({ status: 400, code: 'invalid_request' });
    expect((await change('DELETE', '"2"')).statusCode).toBe(200);
    expect((await ask('GET', 'parsers/plain')).headers['etag']).toBeUndefined();
  });

  it('of a plugin that is gone are shown with what is wrong, and can be deleted', async () => {
    const stored = { name: 'left', kind: 'gone', options: { a: 1 }, samples: [] };
    const changed = { changed_at: '2026-11-20T12:00:00Z', changed_by: { key_id: 'k', key_name: 'k' } };
    await api.catalogue.write([
      { collection: 'declared-parsers', id: 'left', value: { ...stored, ...changed } },
    ]);
    const shown = { name: 'left', declared: { kind: 'gone', problem: expect.stringContaining('"gone"') } };
    await expect.poll(async () => (await ask('GET', 'parsers/left')).json()).toMatchObject(shown);
    expect((await ask('GET', 'parsers')).json().parsers.at(-1)).toMatchObject(shown);
    expect((await send('left', 'x')).json()).toMatchObject({ code: 'parser_unknown' });
    expect((await ask('DELETE', 'parsers/left')).json()).toMatchObject(shown);
  });
});
