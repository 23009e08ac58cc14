import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { RedisPlace } from '../redis-place.js';

/** A way to a Redis that can be cut, as it is when the process at its end is gone. */
export async function openWay({ url }: RedisPlace): Promise<{ readonly url: string; cut(): void }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port: ours } = server.address() as { readonly port: number };
  return {
    url: `redis://127.0.0.1:${ours}`,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
