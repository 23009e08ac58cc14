import { finished, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ExportedFile } from './export.service.js';
import { watchedBody } from './watched-body.js';

/**
 * Makes a file and sends it as its client takes it: no chunk is made before the one before it was taken. What fails
 * before the first byte is answered as a problem; what fails later breaks the connection, since a clean end would say
 * that the file is whole. A client that leaves ends the work.
 *
 * @throws what `make` throws
 */
export async function sendFile(
  reply: FastifyReply,
  make: (signal: AbortSignal) => Promise<ExportedFile>,
): Promise<void> {
  const leaving = new AbortController();
  const { raw } = reply;
  const held: { file?: ExportedFile } = {};
  finished(raw, () => {
    leaving.abort(new Error('The client has its answer, or has left.'));
    held.file?.close();
  });
  const file = (held.file = await make(leaving.signal));
  if (raw.destroyed) return file.close();
  const body = watchedBody(file.body, () => raw.destroy());
  void reply.headers(file.headers).send(Readable.from(body, { objectMode: true, highWaterMark: 1 }));
}
