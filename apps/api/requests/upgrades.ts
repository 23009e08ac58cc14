import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/** A connection whose client asks to speak WebSocket on it. */
export interface Upgrade {
  readonly socket: Socket;
  /** What came behind the request's head. */
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/**
 * Sends requests for a WebSocket through the same hooks, guard and routes as all others: a route that speaks it takes the
 * connection over, any other answers as always, and the connection ends with that answer.
 *
 * @param prepare called with each such request before anything looks at it
 */
export function routeUpgrades(server: FastifyInstance, prepare: (request: IncomingMessage) => void): void {
  server.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // A client that only offers another protocol, such as h2c, is answered as if it had not.
    if (!isWebSocket(request)) return void replay(server.server, { request, socket, head });
    prepare(request);
    upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    socket.once('error', () => socket.destroy());
    socket.once('close', () => response.destroy());
    server.routing(request, response);
  });
}

/** The connection to be taken over; undefined where the request is an ordinary one. */
export function upgradeOf({ raw }: FastifyRequest): Upgrade | undefined {
  return upgrades.get(raw);
}

/** Takes the connection out of the hands of the HTTP server: nothing is answered on it any more. */
export function takeOver(reply: FastifyReply, { socket }: Upgrade): void {
  reply.hijack();
  reply.raw.removeAllListeners('finish');
  reply.raw.detachSocket(socket);
}

/**
 * A page of another site may open a WebSocket to this server from a user's browser, which says so in `Origin`: only pages
 * of this server may. Programs send none.
 *
 * @throws Problem `forbidden`
 */
export function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined || !upgradeOf(request)) return;
  if (hostOf(origin) === host?.toLowerCase()) return;
  throw new Problem('forbidden', 'A WebSocket may be opened by pages of this server only.', {
    mend: 'Open it from the page that this server serves, or from a program that sends no Origin. A proxy in front must pass Host on unchanged.',
  });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

interface Offer extends Upgrade {
  readonly request: IncomingMessage;
}

/** Hands the connection to the HTTP server once more, with the request as it is without its offer. */
function replay(server: Server, { request, socket, head }: Offer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let n = 0; n < request.rawHeaders.length; n += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(n, n + 2);
    if (!['upgrade', 'connection', 'http2-settings'].includes(name.toLowerCase()))
      lines.push(`${name}: ${value}`);
  }
  const text = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  socket.unshift(Buffer.concat([text, head]));
  server.emit(isEncrypted(socket) ? 'secureConnection' : 'connection', socket);
}

function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}
