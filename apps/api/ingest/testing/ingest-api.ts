import type { RunTimeValues } from '#app-config';
import { startTestApi } from '../../testing/test-api.js';

/** What a request differs in from one event as NDJSON. */
export interface Sending {
  readonly url?: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly key?: string;
}

/** Requests with a JSON document, and with lines of text. */
export const JSON_TYPE = { headers: { 'content-type': 'application/json' } };
export const TEXT_TYPE = { headers: { 'content-type': 'text/plain' } };

const SMALL: Partial<RunTimeValues> = { admissionWaitMs: 30, limitsLineBytes: 64 };

/** The API, and a way to send it events with the key of an agent. */
export async function startIngestApi(settings = SMALL) {
  const api = await startTestApi({ settings });
  const agent = api.access.add('agent');
  const send = ({ url = '/api/v1/events', body = '{"a":1}\n', headers = {}, key = agent }: Sending = {}) => {
    const all = { authorization: key, 'content-type': 'application/x-ndjson', ...headers };
    return api.inject({ method: 'POST', url, payload: body, headers: all });
  };
  return { ...api, agent, send };
}

export type IngestApi = Awaited<ReturnType<typeof startIngestApi>>;
