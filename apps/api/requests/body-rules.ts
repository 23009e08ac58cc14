import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';
import { contentEncodingOf } from './decoding/content-encoding.js';
import { mediaTypeOf } from './media-type.js';

/** How the events of a body are laid out: one JSON object or array, an event a line, or lines of text. */
export type EventForm = 'json' | 'ndjson' | 'text';

const FORMS: ReadonlyMap<string, EventForm> = new Map<string, EventForm>([
  ['application/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['text/plain', 'text'],
]);
const TAKEN =
  'application/json (an object, or an array of them), application/x-ndjson (an object a line; application/ndjson and application/jsonl mean the same) and text/plain (lines)';
/** Content types that events come as. */
export const EVENT_TYPES: readonly string[] = [...FORMS.keys()];
/** UTF-8, and what is a part of it. */
const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** The layout that a `Content-Type` stands for; undefined where events don't come as it. */
export function eventFormOf(contentType: string | undefined): EventForm | undefined {
  return contentType === undefined ? undefined : FORMS.get(mediaTypeOf(contentType).type);
}

/**
 * Refuses a body that its route doesn't take, before it is read.
 *
 * @throws Problem `unsupported_media_type`, `unsupported_charset`, `unsupported_encoding`
 */
export function checkBodyHeaders(request: FastifyRequest): void {
  const { headers, method } = request;
  if (method === 'GET' || method === 'HEAD' || request.is404) return;
  contentEncodingOf(headers['content-encoding']);
  const contentType = headers['content-type'];
  if (request.routeOptions.config.rules?.body === 'events') checkEventType(contentType);
  else if (contentType !== undefined) checkJsonType(contentType);
  if (contentType !== undefined) checkCharset(contentType);
}

function checkEventType(contentType: string | undefined): void {
  if (eventFormOf(contentType) !== undefined) return;
  const given =
    contentType === undefined ? 'has no Content-Type' : `is of type "${contentType.slice(0, 100)}"`;
  throw new Problem('unsupported_media_type', `The body ${given}; events are taken as ${TAKEN}.`, {
    mend: 'Send the Content-Type that says how the events are laid out, such as application/json.',
  });
}

function checkJsonType(contentType: string): void {
  if (mediaTypeOf(contentType).type === 'application/json') return;
  const given = contentType.slice(0, 100);
  throw new Problem('unsupported_media_type', `The body is of type "${given}"; this path takes JSON.`, {
    mend: 'Send Content-Type: application/json.',
  });
}

function checkCharset(contentType: string): void {
  const { charset } = mediaTypeOf(contentType);
  if (charset === undefined || CHARSETS.has(charset)) return;
  throw new Problem('unsupported_charset', `The body is in the character set "${charset.slice(0, 40)}".`);
}
