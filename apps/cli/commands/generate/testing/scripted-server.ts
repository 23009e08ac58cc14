import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request; `number` counts from 0. */
export type Answer = (response: ServerResponse, seen: SeenRequest, number: number) => void;

export interface ScriptedServer {
  readonly url: URL;
  readonly seen: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** A real HTTP server on a free port that answers as a test says. */
export async function startScriptedServer(answer: Answer): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method, url, headers } = request;
      const each = { method, path: url, headers, body: Buffer.concat(pieces).toString() };
      seen.push(each);
      answer(response, each, seen.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen, stop };
}

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers with a problem in the words of the API. */
export function answerProblem(
  response: ServerResponse,
  status: number,
  code: string,
  retryAfter?: string,
): void {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  answerJson(response, status, { code, detail: 'It is so.' }, headers);
}
