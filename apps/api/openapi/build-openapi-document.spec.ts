import { expect, it } from 'vitest';
import { startTestApi } from '../testing/test-api.js';
import { buildOpenApiDocument } from './build-openapi-document.js';

it('is the document that a running server shows, the same each time', async () => {
  const api = await startTestApi({ docs: true });
  const served = (await api.inject({ url: '/docs-json' })).json();
  await api.stop();
  const built = await buildOpenApiDocument();
  expect(JSON.parse(JSON.stringify(built))).toEqual(served);
  expect(JSON.stringify(await buildOpenApiDocument())).toBe(JSON.stringify(built));
  expect(Object.keys(built.paths)).toEqual(Object.keys(built.paths).sort());
});
