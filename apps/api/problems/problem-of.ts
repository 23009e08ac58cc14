import { HttpException } from '@nestjs/common';
import { AccessError } from '#access';
import { AlluviumError } from '#event-model';
import { TierError, type TierFailure } from '#plugin-kit';
import { isProblemCode, type ProblemCodeName } from './problem-codes.js';
import { Problem } from './problem.js';

const OF_TIER: Readonly<Record<TierFailure, ProblemCodeName>> = {
  timeout: 'search_timeout',
  unavailable: 'search_unavailable',
  query: 'search_invalid',
  data: 'internal_error',
  config: 'internal_error',
};

const OF_FASTIFY: Readonly<Record<string, ProblemCodeName>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

const OF_STATUS: Readonly<Record<number, ProblemCodeName>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_unknown',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'shutting_down',
};

const UNKNOWN_DETAIL = 'The request could not be finished.';

/** The problem that an error of any layer is to the client; what isn't known stays inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TierError) return ofTier(error);
  if (error instanceof AccessError && error.code === 'unauthenticated')
    return new Problem('unauthenticated', error.message, { headers: { 'www-authenticate': 'Bearer' } });
  if (error instanceof AlluviumError && isProblemCode(error.code))
    return new Problem(error.code, error.message, { cause: error });
  if (error instanceof HttpException) return ofHttp(error);
  return internal(error);
}

/** The problem of an error of the HTTP server itself, which comes before any route. */
export function problemOfServer({ code, statusCode = 400, message }: ServerError): Problem {
  return new Problem(OF_FASTIFY[code] ?? OF_STATUS[statusCode] ?? 'bad_request', sentence(message));
}

interface ServerError extends Error {
  readonly code: string;
  readonly statusCode?: number;
}

function ofTier(error: TierError): Problem {
  const code = OF_TIER[error.failure];
  if (code === 'internal_error') return internal(error);
  // Only a query's mistake is the client's to read; an engine's other words may hold internals.
  const detail = code === 'search_invalid' ? error.message : 'The search engine gave no answer.';
  return new Problem(code, detail, { cause: error });
}

function ofHttp(error: HttpException): Problem {
  const status = error.getStatus();
  const cause = (error.cause as { readonly code?: unknown } | undefined)?.code;
  const code = (typeof cause === 'string' && OF_FASTIFY[cause]) || OF_STATUS[status];
  if (code) return new Problem(code, sentence(error.message));
  return status < 500 ? new Problem('bad_request', sentence(error.message)) : internal(error);
}

function internal(cause: unknown): Problem {
  return new Problem('internal_error', UNKNOWN_DETAIL, { cause });
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
