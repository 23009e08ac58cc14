import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

const unused = new WeakMap<Server, Set<Socket>>();

/**
 * Notes connections on which no request has come yet. Browsers open some in advance, and Node counts them as busy: without
 * {@link closeUnused} they would hold up the end of the process for ever.
 */
export function watchUnused(server: Server): void {
  const sockets = new Set<Socket>();
  unused.set(server, sockets);
  const note = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const forget = ({ socket }: IncomingMessage): void => void sockets.delete(socket);
  server.on('connection', note);
  server.on('secureConnection', note);
  for (const event of ['request', 'checkContinue', 'upgrade']) server.on(event, forget);
}

/** Closes the connections on which no request has come. */
export function closeUnused(server: Server): void {
  for (const socket of unused.get(server) ?? []) socket.destroy();
}
