import type { Server, Socket } from 'node:net';

/** Connections at once. */
export interface ConnectionCaps {
  readonly total: number;
  readonly perAddress: number;
}

/** Closes connections over the caps as they come, so that one peer can't take the places of all. */
export function capConnections(server: Server, { total, perAddress }: ConnectionCaps): void {
  const open = new Map<string, number>();
  const known = new WeakSet<Socket>();
  server.maxConnections = total;
  server.on('connection', (socket: Socket) => {
    // One that comes again was handed back to the server.
    if (known.has(socket)) return;
    known.add(socket);
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > perAddress) return void socket.destroy();
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
