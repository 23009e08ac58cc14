import { finished, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { toServerSentEvents } from './tail-frames.js';
import type { TailReader } from './tail-reader.js';

/** Headers of an answer that goes on; proxies are asked to pass each part on as it comes. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
} as const;

/** Answers with what the reader is told, as fast as its connection takes it; its client leaving ends the reader. */
export function sendServerSentEvents(reply: FastifyReply, reader: TailReader): void {
  finished(reply.raw, () => reader.end());
  reader.cut = () => void reply.raw.destroy();
  if (reply.raw.destroyed) return reader.end();
  const body = Readable.from(framesOf(reader), { objectMode: true, highWaterMark: 1 });
  void reply.headers(STREAM_HEADERS).send(body);
}

/** The first one at once, so that the client knows that it follows. */
async function* framesOf(reader: TailReader): AsyncGenerator<Buffer> {
  yield Buffer.from(': following\n\n');
  for await (const message of reader.messages()) yield toServerSentEvents(message);
}
