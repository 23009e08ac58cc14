import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../../../client/api-client.js';
import { answerJson, answerProblem, startScriptedServer, type Answer } from '../testing/scripted-server.js';
import { makeStreams, type NeededStream } from './make-streams.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const LOGINS: NeededStream = { stream: 'logins', eventType: 'login' };
const APP: NeededStream = { stream: 'app', eventType: 'log' };

/** Makes streams on a server that refuses to make any; undefined: it makes them. */
async function make(needed: readonly NeededStream[], refusal?: Answer, found?: string) {
  const server = await startScriptedServer((response, seen, number) => {
    if (seen.method === 'GET' && found !== undefined) answerJson(response, 200, { event_type: found });
    else if (seen.method === 'GET') answerProblem(response, 404, 'stream_unknown');
    else if (refusal) refusal(response, seen, number);
    else answerJson(response, 201, {});
  });
  const api = new ApiClient({ url: server.url, key: undefined });
  ends.push(server.stop, () => api.close());
  await makeStreams(api, needed);
  return server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`.trim());
}

const exists: Answer = (response) => answerProblem(response, 409, 'stream_exists');
const forbidden: Answer = (response) => answerProblem(response, 403, 'forbidden');

it('are made, each once', async () => {
  expect(await make([LOGINS, APP, LOGINS])).toEqual([
    'POST /api/v1/streams {"name":"logins","event_type":"login"}',
    'POST /api/v1/streams {"name":"app","event_type":"log"}',
  ]);
});

it('may be there, with the same type', async () => {
  expect(await make([LOGINS], exists, 'login')).toHaveLength(2);
  await expect(make([LOGINS], exists, 'log')).rejects.toThrow(
    'Stream "logins" has the event type log, and its category wants login.',
  );
});

it('may be made by sending where the key may not make them by name, but for their type', async () => {
  await make([APP], forbidden);
  await make([LOGINS], forbidden, 'login');
  await expect(make([LOGINS], forbidden)).rejects.toMatchObject({ status: 403 });
});

it('are not wanted with two types, and every other refusal is told', async () => {
  await expect(make([LOGINS, { ...LOGINS, eventType: 'log' }])).rejects.toThrow('event types login and log');
  await expect(
    make([LOGINS], (response) => answerProblem(response, 404, 'event_type_unknown')),
  ).rejects.toMatchObject({
    code: 'event_type_unknown',
  });
});
