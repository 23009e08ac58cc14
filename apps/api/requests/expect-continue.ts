import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Problem } from '../problems/problem.js';
import { PROBLEM_TYPE } from '../problems/send-problem.js';

/** Requests whose senders wait to be asked for the body. */
const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * A sender of `Expect: 100-continue` is asked for its body when that is about to be read, so that one who may not send,
 * or sends what isn't taken, is told before. Any other expectation is refused.
 */
export function holdBackContinue(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const problem = new Problem('expectation_failed', 'The header Expect holds something unknown.');
    const body = JSON.stringify(problem.toBody());
    response.writeHead(problem.status, STATUS_CODES[problem.status], {
      'content-type': PROBLEM_TYPE,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    });
    response.end(body);
  });
}

/** Tells a sender that waits for it to send its body. */
export function askForBody(request: IncomingMessage): void {
  const response = waiting.get(request);
  if (!response) return;
  waiting.delete(request);
  response.writeContinue();
}

/** Whether the sender still waits to be asked: nothing of its body will come. */
export function isBodyHeldBack(request: IncomingMessage): boolean {
  return waiting.has(request);
}
