import type { FastifyServerOptions } from 'fastify';
import { answerConnectionError } from './problems/connection-problem.js';
import { problemOfServer } from './problems/problem-of.js';
import { sendProblem } from './problems/send-problem.js';
import { createRequestIds } from './requests/request-id.js';
import { letBodyRunOut } from './requests/unread-body.js';

/** What the server grants a client; slow and greedy ones are cut off. */
export const SERVER_LIMITS = {
  /** Milliseconds for a request's headers to arrive. */
  headersTimeout: 10_000,
  /** Milliseconds for a whole request to arrive. */
  requestTimeout: 60_000,
  /** Milliseconds between two looks for requests over these times: they end that much late at most. */
  connectionsCheckingInterval: 2_000,
  /** Milliseconds that an idle connection is kept. */
  keepAliveTimeout: 72_000,
  /** Characters of one parameter in a path; a receipt has up to 500. */
  maxParamLength: 512,
} as const;

/** PEM texts for HTTPS. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Options of the HTTP server. */
export function serverOptions(tls?: TlsFiles): FastifyServerOptions {
  const { maxParamLength, requestTimeout, keepAliveTimeout, headersTimeout } = SERVER_LIMITS;
  const { connectionsCheckingInterval } = SERVER_LIMITS;
  // A missing Host is refused by a hook, in the form of all other problems.
  const http = { headersTimeout, connectionsCheckingInterval, requireHostHeader: false };
  const https = tls && { ...http, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: headersTimeout };
  return {
    ...(https ? { https } : { http }),
    requestTimeout,
    keepAliveTimeout,
    routerOptions: { maxParamLength },
    genReqId: createRequestIds(),
    requestIdHeader: false,
    clientErrorHandler: answerConnectionError,
    frameworkErrors: (error, request, reply) => {
      letBodyRunOut(request, reply);
      sendProblem(problemOfServer(error), request, reply);
    },
    forceCloseConnections: 'idle',
  } as FastifyServerOptions;
}
