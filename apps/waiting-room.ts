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
 * Answers while the start waits for the catalogue's server: the process is alive and not ready, and all that is asked of it is
 * refused whole, to be sent again.
 */
export async function openWaitingRoom({ host, port, tls }: WaitingPlace): Promise<WaitingRoom> {
  const { headersTimeout, requestTimeout } = SERVER_LIMITS;
  const limits = { headersTimeout, requestTimeout };
  const listener = (request: IncomingMessage, response: ServerResponse): void => answer(request, response);
  const server = tls
    ? createHttpsServer({ ...limits, ...tls }, listener)
    : createHttpServer(limits, listener);
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
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [status, word] = STATUSES[pathname] ?? [];
  response.setHeader('connection', 'close');
  if (pathname === '/metrics') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(METRICS);
    return;
  }
  if (status !== undefined) {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ status: word }));
    return;
  }
  const problem = new Problem('catalogue_unavailable', WAITS, { retryAfter: RETRY_AFTER_S });
  response.writeHead(problem.status, { ...problem.headers, 'content-type': PROBLEM_TYPE });
  response.end(JSON.stringify(problem.toBody()));
}

/** No more than /health/ready says to everybody: whose key it is can't be looked up yet. */
const METRICS = `# HELP alluvium_ready 1 where /health/ready answers 200: events are taken; else 0.
# TYPE alluvium_ready gauge
alluvium_ready 0
`;

const WAITS = 'The server has just started and waits for its catalogue; its log says why.';
