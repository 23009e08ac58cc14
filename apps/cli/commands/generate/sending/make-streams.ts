import type { ApiClient } from '../../../client/api-client.js';
import { Refusal } from '../../../client/refusal.js';
import { CliError } from '../../../cli-error.js';
import { EXIT } from '../../../exit-codes.js';

/** A stream that a run writes to. */
export interface NeededStream {
  readonly stream: string;
  readonly eventType: string;
}

/** The type of a stream that sending to it makes. */
const DEFAULT_TYPE = 'log';
const CONFLICT = 409;
const NOT_ALLOWED = 403;

/**
 * Makes the streams that are missing.
 *
 * @throws CliError where one has another event type, since its events would not fit; Refusal, ConnectionError
 */
export async function makeStreams(api: ApiClient, needed: readonly NeededStream[]): Promise<void> {
  for (const each of distinct(needed)) await makeStream(api, each);
}

/** One of each; two categories may share a stream if they agree on its type. */
function distinct(needed: readonly NeededStream[]): readonly NeededStream[] {
  const types = new Map<string, string>();
  for (const { stream, eventType } of needed) {
    const other = types.get(stream) ?? eventType;
    if (other !== eventType)
      throw new CliError(
        `Categories want stream "${stream}" with the event types ${other} and ${eventType}.`,
        EXIT.usage,
        'Give each a stream of its own, or the same event_type.',
      );
    types.set(stream, eventType);
  }
  return [...types].map(([stream, eventType]) => ({ stream, eventType }));
}

async function makeStream(api: ApiClient, { stream, eventType }: NeededStream): Promise<void> {
  try {
    await api.json({
      method: 'POST',
      path: '/api/v1/streams',
      json: { name: stream, event_type: eventType },
    });
  } catch (error) {
    if (!(error instanceof Refusal) || ![CONFLICT, NOT_ALLOWED].includes(error.status)) throw error;
    const found = await typeOf(api, stream);
    // A key that may not make streams by name may still make them by sending, with the default type.
    if (found === undefined && (error.status === CONFLICT || eventType === DEFAULT_TYPE)) return;
    if (found === undefined) throw error;
    if (found !== eventType) throw otherType(stream, found, eventType);
  }
}

/** Undefined where there is no such stream, or the key may not see it. */
async function typeOf(api: ApiClient, stream: string): Promise<string | undefined> {
  try {
    const path = `/api/v1/streams/${encodeURIComponent(stream)}`;
    const found = await api.json<{ readonly event_type: string }>({ path });
    return found.event_type;
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) return undefined;
    throw error;
  }
}

function otherType(stream: string, found: string, wanted: string): CliError {
  return new CliError(
    `Stream "${stream}" has the event type ${found}, and its category wants ${wanted}.`,
    EXIT.usage,
    'A stream has one type for life: write another "stream" into the file of categories.',
  );
}
