import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../../cli-error.js';
import type { ApiClient } from '../../client/api-client.js';
import { ConnectionError } from '../../client/connection-error.js';
import { codeOf, type HttpAnswer } from '../../client/http-client.js';
import { Refusal } from '../../client/refusal.js';
import { ServerSentEvents, type ServerSentEvent } from './server-sent-events.js';
import type { FoundEvent } from './show-event.js';

/** What is done with what comes. */
export interface Follower {
  /** Events that were there before, oldest first; asked for once the tail is open, so that none falls between. */
  readonly before: () => Promise<readonly FoundEvent[]>;
  /** Resolves when more may come: meanwhile the server holds back, and says how many it dropped. */
  readonly show: (events: readonly FoundEvent[]) => Promise<void>;
  /** Told what is no event. */
  readonly note: (text: string) => void;
}

const PATH = '/api/v1/logs/tail';
/** The server gives a sign of life far more often. */
const SILENCE_MS = 90_000;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;

/**
 * Shows events as they are stored, and follows again when the connection breaks.
 *
 * @throws Refusal; ConnectionError where the first connection can't be made
 */
export async function followEvents(
  api: ApiClient,
  query: URLSearchParams,
  follower: Follower,
): Promise<never> {
  const first = await open(api, query);
  const before = await follower.before();
  await follower.show(before);
  await read(api, first, without(before, follower));
  for (;;) {
    follower.note(
      `The connection broke at ${new Date().toISOString()}; what is stored until it is there again is not shown.`,
    );
    const answer = await reopen(api, query);
    follower.note('Following again.');
    await read(api, answer, follower);
  }
}

function open(api: ApiClient, query: URLSearchParams): Promise<HttpAnswer> {
  return api.open({ path: PATH, query, headers: { accept: 'text/event-stream' }, silenceMs: SILENCE_MS });
}

/** Tries until it works, unless the server refuses for good. */
async function reopen(api: ApiClient, query: URLSearchParams): Promise<HttpAnswer> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)) {
    await pause(waitMs);
    try {
      return await open(api, query);
    } catch (error) {
      const mayPass = error instanceof ConnectionError || (error instanceof Refusal && error.status >= 429);
      if (!mayPass) throw error;
    }
  }
}

/** Resolves when the answer ends, however it does. */
async function read(api: ApiClient, { body }: HttpAnswer, follower: Follower): Promise<void> {
  const events = new ServerSentEvents();
  try {
    for await (const piece of body) await take(events.feed(piece as Buffer), follower);
  } catch (error) {
    if (error instanceof CliError || codeOf(error) === 'unknown') throw error;
  } finally {
    body.destroy();
  }
}

async function take(messages: readonly ServerSentEvent[], { show, note }: Follower): Promise<void> {
  const logs = messages
    .filter(({ event }) => event === 'log')
    .map(({ data }) => JSON.parse(data) as FoundEvent);
  if (logs.length > 0) await show(logs);
  for (const { event, data } of messages) {
    if (event === 'dropped')
      note(
        `${(JSON.parse(data) as { dropped: number }).dropped} events were left out: they came faster than they were read.`,
      );
    if (event === 'problem') tellProblem(data, note);
  }
}

/** What may pass is waited out; the rest ends the command. */
function tellProblem(data: string, note: Follower['note']): void {
  const { status = 500 } = JSON.parse(data) as { status?: number };
  const refusal = new Refusal(status, {}, data);
  if (status < 429) throw refusal;
  note(refusal.message);
}

/** Passes over what was shown before the tail began to be read. */
function without(before: readonly FoundEvent[], follower: Follower): Follower {
  const shown = new Set(before.map(({ event_id: id }) => id));
  const show = (events: readonly FoundEvent[]): Promise<void> =>
    follower.show(events.filter(({ event_id: id }) => !shown.has(id)));
  return { ...follower, show };
}
