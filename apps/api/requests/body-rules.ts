import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';
import { readBody } from './read-body.js';

/** Content types of one JSON event a line. */
export const EVENT_TYPES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'] as const;
const ACCEPTED = `${EVENT_TYPES[0]}: one JSON object a line (${EVENT_TYPES.slice(1).join(' and ')} mean the same)`;
/** Bytes of a JSON body that isn't events. */
const JSON_LIMIT = 1024 * 1024;

/**
 * Refuses a body that its route doesn't take, before it is read.
 *
 * @throws Problem `unsupported_media_type`, `unsupported_encoding`
 */
export function checkBodyHeaders(request: FastifyRequest): void {
  const { headers, method } = request;
  if (method === 'GET' || method === 'HEAD' || request.is404) return;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    throw new Problem('unsupported_encoding', `The body is encoded as "${encoding.slice(0, 40)}".`);
  if (request.routeOptions.config.rules?.body === 'events') checkEventType(headers['content-type']);
}

function checkEventType(contentType: string | undefined): void {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (EVENT_TYPES.some((each) => each === type)) return;
  const given =
    contentType === undefined ? 'has no Content-Type' : `is of type "${contentType.slice(0, 100)}"`;
  throw new Problem('unsupported_media_type', `The body ${given}; events are taken as ${ACCEPTED}.`, {
    mend: `Send Content-Type: ${EVENT_TYPES[0]}, with one JSON object a line.`,
  });
}

/**
 * Reads bodies: events as the bytes that came, all else as JSON.
 *
 * @param eventLimit bytes, asked for each request since it may change while running
 */
export function addBodyParsers(server: FastifyInstance, eventLimit: () => number): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser([...EVENT_TYPES], (request, stream, done) =>
    readBody({ stream, contentLength: request.headers['content-length'], limit: eventLimit() }, done),
  );
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: JSON_LIMIT },
    (request, body, done) => void parseJson(request, String(body), done),
  );
}
