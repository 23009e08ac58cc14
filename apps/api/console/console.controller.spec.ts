import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('the page', () => {
  it('is served to everybody, and may run and load only what is its own', async () => {
    const answer = await api.inject({ url: '/' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|http/);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(answer.body).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it('is sent compressed to who takes it, and not again to who has it', async () => {
    const plain = await api.inject({ url: '/console/console.css' });
    const packed = await api.inject({
      url: '/console/console.css',
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.rawPayload)).toEqual(plain.rawPayload);
    const etag = String(plain.headers.etag);
    const again = await api.inject({ url: '/console/console.css', headers: { 'if-none-match': etag } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it.each([
    'nothing.js',
    '..%2fmain.js',
    '%2e%2e%2fpackage.json',
    'main.ts',
    'tsconfig.json',
    'a%00b',
    '__proto__',
  ])('has no file %s', async (name) => {
    const answer = await api.inject({ url: `/console/${name}` });
    expect(answer.json()).toMatchObject({ status: 404, code: 'route_unknown' });
  });
});
