import { createPluginRegistry } from '#plugin-host';
import { makeParserPlugin } from '#plugin-kit/testing';
import { startTestApi } from '../../testing/test-api.js';

const shout = makeParserPlugin(
  'shout',
  (text) =>
    text.includes('quiet')
      ? { kind: 'refused', reason: 'too_quiet', message: 'Louder.' }
      : { kind: 'event', event: { message: text.toUpperCase() } },
  () => 0,
);

const plain = makeParserPlugin('joined', (message) => ({ kind: 'event', event: { message } }));
const grouping = { maxLines: 9, open: () => () => false };
const joined = { ...plain, parser: { ...plain.parser, grouping } };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The API with the parsers `shout` and `joined`, which joins lines, the streams `audit` and `web`, and ways to ask it and to send. */
export async function startRoutingApi() {
  const api = await startTestApi({ plugins: createPluginRegistry([shout, joined]) });
  const admin = api.access.add('admin');
  const ask = (method: Method, path: string, payload?: object, headers: Record<string, string> = {}) =>
    api.inject({
      ...{ method, url: `/api/v1/${path}`, headers: { authorization: admin, ...headers } },
      ...(payload && { payload }),
    });
  const send = (payload: string, type = 'application/x-ndjson', headers: Record<string, string> = {}) =>
    api.inject({
      ...{ method: 'POST', url: '/api/v1/events', payload },
      headers: { authorization: admin, 'content-type': type, ...headers },
    });
  for (const name of ['audit', 'web']) await ask('POST', 'streams', { name });
  return { ...api, admin, ask, send };
}

export type RoutingApi = Awaited<ReturnType<typeof startRoutingApi>>;

/** An event that mentions what a rule asks for. */
export const RULE = { when: { contains: ['audit'] }, action: { stream: 'audit' } };
