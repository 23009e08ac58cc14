import { once } from 'node:events';
import { connect } from 'node:net';
import type { ApiTarget } from './api-client.js';
import { pause } from './appliance-process.js';

/** An answer as it came over the wire; a connection that was closed without one has status 0. */
export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether `100 Continue` came before. */
  readonly continued: boolean;
}

/** What is written to a connection, in order: bytes, or a pause in milliseconds. */
export type RawPiece = string | Buffer | number;

export interface RawOptions {
  /** Ends our side behind the last piece, as a client does that dies. */
  readonly end?: boolean;
  /** Milliseconds until the answer must be there. */
  readonly timeoutMs?: number;
}

/** Writes exactly these bytes to a connection of its own and reads one answer. */
export async function sendRaw(
  target: ApiTarget,
  pieces: Iterable<RawPiece>,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(target.url);
  const socket = connect(Number(port), hostname);
  let bytes = Buffer.alloc(0);
  let answered = false;
  const answer = new Promise<RawAnswer>((resolve) => {
    const settle = (closed: boolean): void => {
      const parsed = parseAnswer(bytes, closed);
      if (!parsed) return;
      answered = true;
      resolve(parsed);
    };
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      settle(false);
    });
    socket.on('error', () => settle(true));
    socket.on('close', () => settle(true));
    setTimeout(() => settle(true), options.timeoutMs ?? 30_000).unref();
  });
  for (const piece of pieces) {
    if (answered || socket.destroyed) break;
    if (typeof piece === 'number') await pause(piece);
    else if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), answer]);
  }
  if (options.end) socket.end();
  const result = await answer;
  socket.destroy();
  return result;
}

/** The first final answer in the bytes; undefined while it isn't complete. */
function parseAnswer(bytes: Buffer, closed: boolean): RawAnswer | undefined {
  let text = bytes.toString('latin1');
  const continued = text.startsWith('HTTP/1.1 100');
  if (continued) text = text.slice(text.indexOf('\r\n\r\n') + 4);
  const split = text.indexOf('\r\n\r\n');
  if (split < 0) return closed ? { status: 0, headers: {}, body: '', continued } : undefined;
  const [first = '', ...lines] = text.slice(0, split).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = Number(headers['content-length'] ?? 0);
  const body = text.slice(split + 4, split + 4 + length);
  if (!closed && body.length < length) return undefined;
  return { status: Number(first.split(' ')[1]), headers, body, continued };
}

/** The head of a request with the target's key, its last blank line included. Headers that are `undefined` are left out. */
export function headOf(
  target: ApiTarget,
  line: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): string {
  const all: Record<string, string | undefined> = {
    host: new URL(target.url).host,
    authorization: `Bearer ${target.adminKey}`,
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
