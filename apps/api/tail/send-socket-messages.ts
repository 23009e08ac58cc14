import type { FastifyReply, FastifyRequest } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { takeOver, type Upgrade } from '../requests/upgrades.js';
import { TAIL_PROTOCOL } from './socket-key.js';
import { toSocketTexts } from './tail-frames.js';
import type { TailMessage } from './tail-queue.js';
import type { TailReader } from './tail-reader.js';

/** Bytes of a message from the client, which has nothing to say. */
const MAX_PAYLOAD = 1_024;
/** How the server closes: in order, while ending, for what the client may not or can't have. */
const CLOSE = { done: 1000, ending: 1001, refused: 1008, failed: 1011 } as const;

const sockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_PAYLOAD,
  handleProtocols: (offered) => (offered.has(TAIL_PROTOCOL) ? TAIL_PROTOCOL : false),
});

/** Takes the connection over and sends what the reader is told; its client leaving ends the reader. */
export function sendSocketMessages(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  ...[upgrade, reader]: [upgrade: Upgrade, reader: TailReader]
): void {
  const { socket } = upgrade;
  socket.once('close', () => reader.end());
  reader.cut = () => void socket.destroy();
  if (socket.destroyed) return reader.end();
  takeOver(reply, upgrade);
  // A handshake with mistakes is refused by the library, which closes the connection.
  sockets.handleUpgrade(raw, socket, upgrade.head, (open) => void send(open, upgrade, reader));
}

/** Never rejects: a connection that breaks has closed. */
async function send(socket: WebSocket, upgrade: Upgrade, reader: TailReader): Promise<void> {
  socket.on('error', () => socket.terminate());
  const isAlive = watchLife(socket);
  let code: number = CLOSE.done;
  for await (const message of reader.messages()) {
    if (message.kind === 'heartbeat') isAlive();
    if (message.kind === 'problem') code = closeCodeOf(message);
    await sendTexts(socket, upgrade, toSocketTexts(message));
  }
  socket.close(code);
}

/** All at once, and resolved when the connection has taken the last. */
function sendTexts(socket: WebSocket, { socket: wire }: Upgrade, texts: readonly string[]): Promise<void> {
  if (texts.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    wire.cork();
    texts.forEach((text, n) => socket.send(text, n === texts.length - 1 ? () => resolve() : undefined));
    wire.uncork();
  });
}

/** Asks for a sign of life at each call, and ends the connection where none came since the last. */
function watchLife(socket: WebSocket): () => void {
  let heard = true;
  socket.on('pong', () => (heard = true));
  return () => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  };
}

function closeCodeOf({ problem }: Extract<TailMessage, { kind: 'problem' }>): number {
  if (problem.code === 'shutting_down') return CLOSE.ending;
  return problem.status < 500 ? CLOSE.refused : CLOSE.failed;
}
