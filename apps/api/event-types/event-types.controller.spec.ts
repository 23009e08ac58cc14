import { expect, it } from 'vitest';
import { startTestApi } from '../testing/test-api.js';

it('are listed with the schema of their events', async () => {
  const api = await startTestApi();
  const authorization = api.access.add('agent', ['events:write']);
  const answer = await api.inject({ url: '/api/v1/event-types', headers: { authorization } });
  expect(answer.json().event_types).toMatchObject([
    { name: 'log', title: 'Log record', schema: { type: 'object', properties: { message: {} } } },
  ]);
  await api.stop();
});
