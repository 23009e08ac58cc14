import type { Socket } from 'node:net';
import type { ProblemCodeName } from './problem-codes.js';
import { Problem } from './problem.js';
import { PROBLEM_TYPE } from './send-problem.js';

const OF_PARSER: Readonly<Record<string, readonly [ProblemCodeName, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request was not complete in time.'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers are longer than 16 KiB.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body_too_large', 'The extensions of the chunks are too long.'],
  HPE_INVALID_CHUNK_SIZE: ['bad_request', 'The size of a chunk is no hexadecimal number.'],
  HPE_INVALID_EOF_STATE: ['bad_request', 'The request broke off before it was complete.'],
};
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
};

/** Answers what never became a request (broken framing, endless headers) in the form of all other problems. */
export function answerConnectionError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [code, detail] = OF_PARSER[error.code ?? ''] ?? ['bad_request', 'This is no HTTP request.'];
  const problem = new Problem(code, detail);
  const body = JSON.stringify(problem.toBody());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${REASONS[problem.status]}`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'x-content-type-options: nosniff',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
