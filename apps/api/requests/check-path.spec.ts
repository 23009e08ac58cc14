import { afterAll, beforeAll, expect, it } from 'vitest';
import { RouteTable } from '../guarding/route-table.js';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const withPart = (): readonly (readonly [method: string, url: string])[] =>
  api.app
    .get(RouteTable)
    .routes.filter(({ method, url }) => method !== 'HEAD' && url.includes(':'))
    .map(({ method, url }) => [method, url]);

it.each([
  ['NUL', 'a%00b'],
  ['only NUL', '%00'],
  ['more bytes than a name of the catalogue', encodeURIComponent('🪨'.repeat(250))],
])('no route with a part in its path does anything with %s in it', async (_, part) => {
  const authorization = api.access.add('admin');
  const asked = withPart();
  const answers = await Promise.all(
    asked.map(async ([method, url]) => {
      const path = url.replaceAll(/:\w+/g, part);
      const answer = await api.inject({ method: method as 'GET', url: path, headers: { authorization } });
      return [method, url, answer.statusCode, answer.json().code];
    }),
  );
  expect(asked.length).toBeGreaterThan(40);
  expect(answers).toEqual(asked.map(([method, url]) => [method, url, 404, 'route_unknown']));
});
