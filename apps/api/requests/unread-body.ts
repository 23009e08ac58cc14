import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isBodyHeldBack } from './expect-continue.js';

/** Milliseconds without a byte after which nothing more is waited for. */
const IDLE_MS = 1_000;

/**
 * Called when an answer is about to be sent. Where its body is still on its way, the connection stays open and what comes
 * is thrown away until the sender has read the answer: a connection closed with unread bytes is reset, and takes the
 * answer with it. A sender that pauses for a second, or needs longer than a request may take, is cut off.
 */
export function letBodyRunOut(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  // A request that is injected has no connection, and doesn't say whether it is complete.
  if (raw.complete !== false) return;
  if (isBodyHeldBack(raw)) return void reply.header('connection', 'close');
  reply.removeHeader('connection');
  reply.raw.shouldKeepAlive = true;
  reply.raw.once('finish', () => cutWhenIdle(raw));
}

function cutWhenIdle(request: IncomingMessage): void {
  const { socket } = request;
  let read = socket.bytesRead;
  const timer = setInterval(() => {
    const isIdle = socket.bytesRead === read;
    read = socket.bytesRead;
    if (isIdle && !request.complete) socket.destroy();
    if (isIdle || request.complete || socket.destroyed) clearInterval(timer);
  }, IDLE_MS).unref();
}
