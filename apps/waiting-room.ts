import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { PROBLEM_TYPE } from './api/problems/send-problem.js';
import { Problem } from './api/problems/problem.js';
import { SERVER_LIMITS, type TlsFiles } from './api/server-options.js';

/** Where the server will listen. */
export interface WaitingPlace {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles;
}

/** What answers until the server does. */
export interface WaitingRoom {
  readonly port: number;
  close(): Promise<void>;
}

const STATUSES: Readonly<Record<string, readonly [number, string]>> = {
  '/health/live': [200, 'up'],
  '/health/ready': [503, 'down'],
  '/health/startup': [503, 'down'],
};
const RETRY_AFTER_S = 5;

/**
 * Answers while the start waits for the catalogue's server, or for its turn: the process is alive and not ready, and all that is asked of it is
 * refused whole, to be sent again.
 */
export async function openWaitingRoom({ host, port, tls }: WaitingPlace): Promise<WaitingRoom> {
  const { headersTimeout, requestTimeout } = SERVER_LIMITS;
  const limits = { headersTimeout, requestTimeout };
  const server = tls ? createHttpsServer({ ...limits, ...tls }, answer) : createHttpServer(limits, answer);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as { readonly port: number }).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [status, word] = STATUSES[new URL(request.url ?? '/', 'http://localhost').pathname] ?? [];
  response.setHeader('connection', 'close');
  if (status !== undefined) {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ status: word }));
    return;
  }
  const problem = new Problem('catalogue_unavailable', WAITS, { retryAfter: RETRY_AFTER_S });
  response.writeHead(problem.status, { ...problem.headers, 'content-type': PROBLEM_TYPE });
  response.end(JSON.stringify(problem.toBody()));
}

const WAITS =
  'The server has just started and waits for its catalogue, or for the process to end that has its role; its log says which.';
