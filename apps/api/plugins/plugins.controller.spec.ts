import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPluginRegistry } from '#plugin-host';
import { makeParserPlugin } from '#plugin-kit/testing';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  const json = makeParserPlugin('json', () => ({ kind: 'json' }));
  api = await startTestApi({ plugins: createPluginRegistry([json]) });
});
afterAll(() => api.stop());

const ask = async (method: 'GET' | 'POST', url: string): Promise<{ status: number; body: unknown }> => {
  const headers = { authorization: api.access.add('ops', ['system']) };
  const answer = await api.inject({ method, url, headers });
  return { status: answer.statusCode, body: answer.json() };
};
const LIST = {
  plugins_dir: null,
  problems: [],
  plugins: [{ name: 'parser-json', origin: 'built-in', kind: 'parser', version: '1.0.0', state: 'loaded' }],
};

it('lists the plugins of the process', async () => {
  expect(await ask('GET', '/api/v1/plugins')).toMatchObject({ status: 200, body: LIST });
});

it('looks again at a word, also where there is nothing to look at', async () => {
  expect(await ask('POST', '/api/v1/plugins/reload')).toMatchObject({ status: 200, body: LIST });
});
