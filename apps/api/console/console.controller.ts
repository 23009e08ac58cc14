import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../guarding/access-metadata.js';
import { Problem } from '../problems/problem.js';
import { readConsoleFiles } from './console-files.js';

/**
 * What the page may do: load its own files and ask its own server, nothing else. Text can't become markup or script, whatever
 * a log says, also if the page were to try: there is no policy that would make such values.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
} as const;

/** The page at `/`: it holds no data, and asks the API with the key that its user enters. */
@ApiExcludeController()
@Controller()
export class ConsoleController {
  readonly #files = readConsoleFiles();

  @Get()
  @Public()
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#send('index.html', request, reply);
  }

  @Get('console/:file')
  @Public()
  file(@Param('file') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#send(name, request, reply);
  }

  /** @throws Problem `route_unknown` */
  #send(name: string, { headers }: FastifyRequest, reply: FastifyReply): void {
    const file = this.#files.get(name);
    if (!file) throw new Problem('route_unknown', 'The page has no such file.');
    void reply.headers({ ...HEADERS, etag: file.etag }).type(file.type);
    if (headers['if-none-match'] === file.etag) return void reply.code(304).send();
    if (!/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return void reply.send(file.plain);
    void reply.header('content-encoding', 'gzip').send(file.gzip);
  }
}
