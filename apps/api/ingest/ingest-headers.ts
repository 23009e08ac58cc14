import type { IncomingHttpHeaders } from 'node:http';
import { isSourceName } from '#event-model';
import { Problem } from '../problems/problem.js';

/** Seconds; longer waits are cut to it, as RFC 7240 allows. */
const MAX_WAIT = 30;
const WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?=$|[,;])/i;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What the headers of a request with events ask for. */
export interface IngestHeaders {
  readonly source?: string;
  readonly idempotencyKey?: string;
  /** Seconds to wait for the verdicts; absent where none are asked for. */
  readonly wait?: number;
  readonly traceparent?: string;
}

/** @throws Problem `source_invalid`, `idempotency_key_invalid` */
export function readIngestHeaders(headers: IncomingHttpHeaders): IngestHeaders {
  return {
    ...sourceOf(headers['alluvium-source']),
    ...idempotencyKeyOf(headers['idempotency-key']),
    ...waitOf(headers.prefer),
    ...traceparentOf(headers['traceparent']),
  };
}

type HeaderValue = string | string[] | undefined;

function sourceOf(value: HeaderValue): Pick<IngestHeaders, 'source'> | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isSourceName(value)) return { source: value };
  throw new Problem('source_invalid', 'The header Alluvium-Source is not a name of a source.');
}

function idempotencyKeyOf(value: HeaderValue): Pick<IngestHeaders, 'idempotencyKey'> | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && IDEMPOTENCY_KEY.test(value)) return { idempotencyKey: value };
  throw new Problem('idempotency_key_invalid', 'The header Idempotency-Key can not be used as it is.');
}

/** Preferences that can't be read are ignored, as RFC 7240 asks. */
function waitOf(value: HeaderValue): Pick<IngestHeaders, 'wait'> | undefined {
  if (value === undefined) return undefined;
  const seconds = WAIT.exec(String(value))?.[1];
  return seconds === undefined ? undefined : { wait: Math.min(Number(seconds), MAX_WAIT) };
}

function traceparentOf(value: HeaderValue): Pick<IngestHeaders, 'traceparent'> | undefined {
  return typeof value === 'string' && TRACEPARENT.test(value) ? { traceparent: value } : undefined;
}
