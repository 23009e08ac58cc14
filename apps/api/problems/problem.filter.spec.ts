import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let authorization: string;

beforeAll(async () => {
  api = await startTestApi();
  authorization = api.access.add('analyst');
});
afterAll(() => api.stop());

const json = { 'content-type': 'application/json' };

describe('every refusal has the one form', () => {
  it.each<[string, Parameters<TestApi['inject']>[0], number, string]>([
    ['no key', { url: '/api/v1/streams' }, 401, 'unauthenticated'],
    ['no such path', { url: '/nope' }, 404, 'route_unknown'],
    ['no such path, with a body', { url: '/nope', method: 'POST', payload: {} }, 404, 'route_unknown'],
    ['no such method', { url: '/api/v1/logs/x', method: 'DELETE' }, 405, 'method_not_allowed'],
    ['a broken escape', { url: '/api/v1/streams/%zz' }, 400, 'bad_request'],
    ['a long parameter', { url: `/api/v1/receipts/${'x'.repeat(600)}` }, 414, 'uri_too_long'],
    ['no JSON', { url: '/api/v1/logs', method: 'POST', payload: '{', headers: json }, 400, 'invalid_json'],
    [
      'an empty body',
      { url: '/api/v1/logs', method: 'POST', payload: '', headers: json },
      400,
      'invalid_json',
    ],
    ['no body', { url: '/api/v1/logs', method: 'POST' }, 400, 'invalid_request'],
    [
      'a polluting body',
      { url: '/api/v1/logs', method: 'POST', payload: '{"__proto__":{"x":1}}', headers: json },
      400,
      'invalid_json',
    ],
    [
      'another type',
      { url: '/api/v1/logs', method: 'POST', payload: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a large body',
      { url: '/api/v1/logs', method: 'POST', payload: `"${'x'.repeat(2 ** 20)}"`, headers: json },
      413,
      'body_too_large',
    ],
  ])('%s', async (name, request, status, code) => {
    const headers = {
      ...(name !== 'no key' && { authorization }),
      ...(request as { headers?: object }).headers,
    };
    const answer = await api.inject({ ...(request as object), headers } as never);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    });
    expect(answer.json()).toMatchObject({
      type: `urn:alluvium:problem:${code}`,
      status,
      title: expect.any(String),
      detail: expect.any(String),
      mend: expect.any(String),
      instance: `urn:request:${answer.headers['x-request-id']}`,
    });
  });

  it('a wrong method is told the right ones', async () => {
    const answer = await api.inject({ url: '/api/v1/streams', method: 'DELETE' });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('an unknown error shows nothing of itself', async () => {
    api.tier.failure = new Error('canary at /var/lib/secret');
    await api.inject({
      method: 'POST',
      url: '/api/v1/streams',
      payload: { name: 'web' },
      headers: { authorization },
    });
    const answer = await api.inject({
      method: 'POST',
      url: '/api/v1/logs',
      payload: {},
      headers: { authorization },
    });
    api.tier.failure = undefined;
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal_error' });
    expect(answer.body).not.toContain('canary');
  });
});

describe('X-Request-Id', () => {
  const ask = async (id?: string) =>
    (await api.inject({ url: '/health/live', headers: { ...(id !== undefined && { 'x-request-id': id }) } }))
      .headers['x-request-id'];

  it('comes back as it was sent, or is made', async () => {
    expect(await ask('trace-7/a')).toBe('trace-7/a');
    const made = [await ask(), await ask()];
    expect(new Set(made).size).toBe(2);
  });

  it.each(['x'.repeat(129), 'a b', 'a"b', ''])('%j is not taken', async (id) => {
    expect(await ask(id)).not.toBe(id);
  });
});
