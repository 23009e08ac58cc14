import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../../cli-error.js';
import type { ApiClient } from '../../client/api-client.js';
import { ConnectionError } from '../../client/connection-error.js';
import { codeOf, type HttpAnswer } from '../../client/http-client.js';
import { Refusal } from '../../client/refusal.js';
import { EXIT } from '../../exit-codes.js';
import type { ExportState } from './export-file.js';
import { cursorOf } from './row-cursor.js';
import type { RowFormat, RowReader } from './row-reader.js';

/** An export on its way. */
export interface Download {
  readonly api: ApiClient;
  /** Parameters of the request. */
  readonly query: URLSearchParams;
  /** Set where rows are told apart: then it goes on when the connection breaks. */
  readonly rows: { readonly reader: RowReader; readonly format: RowFormat } | undefined;
  /** Where it begins, if an earlier call fixed its times. */
  readonly state: ExportState | undefined;
  /** Told the times that the first answer fixed. */
  readonly onState: (state: ExportState) => void;
  readonly write: (bytes: Uint8Array) => void | Promise<void>;
  readonly note: (text: string) => void;
  /** Milliseconds without anything new after which it is given up. */
  readonly patienceMs: number;
}

const PATH = '/api/v1/logs/export';
const WAIT_MS = 1_000;
/** Longest break between two parts of an answer. */
const SILENCE_MS = 120_000;

/** Downloads an export. @throws CliError where it can't be had whole */
export async function download(job: Download): Promise<void> {
  let { state } = job;
  let lastNew = Date.now();
  let hasAnswered = false;
  for (;;) {
    const before = job.rows?.reader.bytes ?? 0;
    try {
      const answer = await open(job, state);
      hasAnswered = true;
      state ??= stateOf(answer, job);
      await read(answer, job);
      return;
    } catch (error) {
      if ((job.rows?.reader.bytes ?? 0) > before) lastNew = Date.now();
      const canGoOn = hasAnswered && mayGoOn(error, job, state) && Date.now() - lastNew <= job.patienceMs;
      if (!canGoOn) throw explain(error, job);
      job.note('The connection broke; going on behind the last event that came.');
      await pause(WAIT_MS);
    }
  }
}

function open({ api, query, rows }: Download, state: ExportState | undefined): Promise<HttpAnswer> {
  const asked = new URLSearchParams(query);
  if (state) {
    asked.set('start_time', state.startTime);
    asked.set('end_time', state.endTime);
    const cursor =
      rows && hasEvents(rows) ? cursorOf(rows.format, rows.reader.last, rows.reader.first ?? '') : undefined;
    if (cursor !== undefined) asked.set('cursor', cursor);
  }
  return api.open({ path: PATH, query: asked });
}

/** The header of a CSV is no event. */
export function hasEvents({ reader, format }: NonNullable<Download['rows']>): boolean {
  return reader.rows > (format === 'csv' ? 1 : 0);
}

function stateOf({ headers }: HttpAnswer, { query, onState }: Download): ExportState | undefined {
  const [startTime, endTime] = [headers['alluvium-start-time'], headers['alluvium-end-time']];
  if (typeof startTime !== 'string' || typeof endTime !== 'string') return undefined;
  const state = { query: query.toString(), startTime, endTime };
  onState(state);
  return state;
}

async function read({ body }: HttpAnswer, { rows, write }: Download): Promise<void> {
  body.setTimeout(SILENCE_MS, () => body.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
  // What came of a row before the connection broke comes anew.
  rows?.reader.dropRest();
  for await (const piece of body as AsyncIterable<Buffer>) {
    const whole = rows ? rows.reader.feed(piece) : piece;
    if (whole.length > 0) await write(whole);
  }
}

function mayGoOn(error: unknown, { rows }: Download, state: ExportState | undefined): boolean {
  if (rows === undefined || state === undefined) return false;
  // A header that came without an event would come twice.
  if (rows.reader.rows > 0 && !hasEvents(rows)) return false;
  if (error instanceof Refusal) return error.mayPass;
  return error instanceof ConnectionError || (!(error instanceof CliError) && codeOf(error).startsWith('E'));
}

function explain(error: unknown, { api, rows }: Download): unknown {
  if (error instanceof CliError || !codeOf(error).startsWith('E')) return error;
  const { message } = new ConnectionError(api.place.url, codeOf(error), error);
  const mend = rows
    ? 'The same command goes on with it where -o names a file.'
    : 'Begin anew: this form can not be gone on with; plain ndjson and csv can.';
  return new CliError(message, EXIT.unreached, mend, { cause: error });
}
