import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ClickHouseLogLevel, createClient, type ClickHouseSettings } from '@clickhouse/client';
import { RESULT_FORMAT } from '../engine/compact-result.js';
import type { Parameters } from '../engine/engine.js';
import { lateError, markOf, TAG_HEADER } from './late-error.js';
import type { ServerOptions } from './server-options.js';

/** Milliseconds without a byte, after which a server counts as gone: one that works says so more often. */
const SILENT_MS = 60_000;
const PROGRESS_MS = 10_000;
/** Each sign of progress is a header; Node's own limit would do for some minutes. */
const HEADER_BYTES = 2 ** 20;
/** A reader of a stream may take as long as it likes; its statement's own clock counts. Longest that Node can wait. */
const PATIENT_MS = 2 ** 31 - 1;
/** Longest statement: bytes. */
export const MAX_STATEMENT = 4 * 2 ** 20;
/** Seconds that a session outlives its last statement. */
const SESSION_SECONDS = 300;

const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  max_query_size: String(MAX_STATEMENT),
  // Of a shard that is out, the events would be missing without a word.
  skip_unavailable_shards: 0,
};
/** An error comes as one, never behind the beginning of an answer. */
const AT_ONCE: ClickHouseSettings = {
  wait_end_of_query: 1,
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: String(PROGRESS_MS),
};

/** One request. */
export interface Request {
  readonly statement: string;
  readonly queryId: string;
  readonly parameters?: Parameters | undefined;
  readonly session?: string | undefined;
  /** Gives the answer up. */
  readonly signal?: AbortSignal | undefined;
  /** What an INSERT reads. */
  readonly rows?: () => Readable;
}

/** An answer that is read while it is made. */
export interface StreamedAnswer {
  readonly body: Readable;
  /** The word that marks an error within the body. */
  readonly tag: string | undefined;
}

/** Speaks HTTP to one server. Errors are those of the library: the engine's code in them, or the system's. */
export class ServerClient {
  readonly #client;
  readonly #streaming;

  constructor(options: ServerOptions) {
    const common = {
      url: options.url,
      username: options.user,
      password: options.password(),
      application: 'alluvium',
      // Its lines would say what statements hold.
      log: { level: ClickHouseLogLevel.OFF },
      max_open_connections: 2 * options.concurrency + 16,
      max_response_headers_size: HEADER_BYTES,
      clickhouse_settings: SETTINGS,
      ...(options.ca !== undefined && { tls: { ca_cert: Buffer.from(options.ca) } }),
    };
    this.#client = createClient({ ...common, request_timeout: SILENT_MS, use_multipart_params_auto: true });
    this.#streaming = createClient({ ...common, request_timeout: PATIENT_MS });
  }

  /** A SELECT's whole answer, in {@link RESULT_FORMAT}. */
  async select(request: Request): Promise<string> {
    const result = await this.#client.query({
      ...common(request),
      query: request.statement,
      format: RESULT_FORMAT,
      clickhouse_settings: settingsOf(request),
    });
    return whole(await result.text(), String(result.response_headers[TAG_HEADER] ?? ''));
  }

  /** Any other statement: resolves when the server has said that it is done, with what it answers in the same format. */
  async change(request: Request): Promise<string> {
    const { stream, response_headers } = await this.#client.exec({
      ...common(request),
      query: request.statement,
      clickhouse_settings: { ...settingsOf(request), default_format: RESULT_FORMAT },
      ...(request.rows && { values: request.rows() }),
    });
    return whole(await text(stream), String(response_headers[TAG_HEADER] ?? ''));
  }

  /** A SELECT whose answer is read piece by piece, its FORMAT with it. */
  async open(request: Request): Promise<StreamedAnswer> {
    const { stream, response_headers } = await this.#streaming.exec({
      ...common(request),
      query: request.statement,
    });
    const tag = response_headers[TAG_HEADER];
    return { body: stream, tag: tag === undefined ? undefined : String(tag) };
  }

  /** Tells the server to end the statements whose ids begin so. Never SYNC, which may never answer. */
  async kill(queryId: string): Promise<void> {
    const statement = 'KILL QUERY WHERE startsWith(query_id, {id:String}) ASYNC';
    await this.change({ statement, queryId: randomUUID(), parameters: { id: queryId } });
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#streaming.close()]);
  }
}

function common({ queryId, parameters, session, signal }: Request) {
  return {
    query_id: queryId,
    ...(parameters && { query_params: { ...parameters } }),
    ...(session !== undefined && { session_id: session }),
    ...(signal && { abort_signal: signal }),
  };
}

function settingsOf({ session }: Request): ClickHouseSettings {
  return session === undefined ? AT_ONCE : { ...AT_ONCE, session_timeout: String(SESSION_SECONDS) };
}

/** Once progress was told, an error can only stand in the answer. */
function whole(answer: string, tag: string): string {
  const bytes = Buffer.from(answer.slice(-2_000));
  const mark = tag === '' ? -1 : markOf(bytes, tag);
  if (mark >= 0) throw lateError(bytes, mark);
  return answer;
}
