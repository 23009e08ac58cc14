import { expect, it } from 'vitest';
import { startTestApi } from '../testing/test-api.js';

it('are described one by one', async () => {
  const api = await startTestApi();
  const headers = { authorization: api.access.add('agent', ['events:write']) };
  const found = (await api.inject({ url: '/api/v1/event-types/log', headers })).json();
  expect(found).toMatchObject({ name: 'log', roll_ups: [], example: { message: 'hello' } });
  expect(found.fields[0]).toMatchObject({ name: 'level', required: false, aliases: expect.any(Array) });
  const unknown = await api.inject({ url: '/api/v1/event-types/nope', headers });
  expect(unknown.json()).toMatchObject({ status: 404, code: 'event_type_not_found' });
  await api.stop();
});

it('are listed with the schema of their events', async () => {
  const api = await startTestApi();
  const authorization = api.access.add('agent', ['events:write']);
  const answer = await api.inject({ url: '/api/v1/event-types', headers: { authorization } });
  expect(answer.json().event_types).toMatchObject([
    { name: 'log', title: 'Log record', schema: { type: 'object', properties: { message: {} } } },
  ]);
  await api.stop();
});
