import { connect } from 'node:net';
import type { ApiTarget } from './api-client.js';

/**
 * Posts NDJSON over a connection of its own and cuts that connection at the first byte of the answer, as a network
 * does that fails at the worst moment: the server has answered, the client knows nothing.
 */
export function postAndCutAnswer(
  target: ApiTarget,
  path: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { hostname, port } = new URL(target.url);
  const all = {
    host: `${hostname}:${port}`,
    authorization: `Bearer ${target.adminKey}`,
    'content-type': 'application/x-ndjson',
    'content-length': String(body.length),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.once('data', () => socket.resetAndDestroy());
    socket.once('close', () => resolve());
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`);
    socket.write(body);
  });
}
