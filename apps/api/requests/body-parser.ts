import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';
import { BodyBudget, type BodyHold } from './body-budget.js';
import { contentEncodingOf } from './decoding/content-encoding.js';
import { decodeBody, type EncodedBody } from './decoding/decode-body.js';
import { askForBody } from './expect-continue.js';
import { readBody, tooLarge } from './read-body.js';
import { SlowSenders } from './slow-senders.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's body takes of the memory for bodies; given back when the request has ended at the latest. */
    bodyHold?: BodyHold | undefined;
  }
}

/** Bytes of one body. */
interface OneBody {
  /** As it comes. */
  readonly encodedBytes: number;
  /** When it is decoded. */
  readonly decodedBytes: number;
}

/** Bounds of bodies with events; asked for each request, since they may change while running. */
export interface BodyLimits extends OneBody {
  /** Bytes of all bodies in memory at once. */
  readonly atOnceBytes: number;
}

/** Of a body that isn't events. */
const JSON_LIMITS: OneBody = { encodedBytes: 1024 * 1024, decodedBytes: 1024 * 1024 };

type Done = (error: Error | null, body?: unknown) => void;
type ParseJson = ReturnType<FastifyInstance['getDefaultJsonParser']>;

/** Reads and decodes bodies: events as bytes, all else as JSON. `checkBodyHeaders` has judged their headers before. */
export function addBodyParser(server: FastifyInstance, limits: () => BodyLimits): void {
  const parser = new BodyParser(limits, server.getDefaultJsonParser('error', 'error'));
  server.decorateRequest('bodyHold', undefined);
  // Not onResponse: that one isn't called for a client that leaves.
  server.addHook('preParsing', (request, reply, _payload, done) => {
    reply.raw.once('close', () => request.bodyHold?.release());
    done();
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (request, stream, done: Done) => {
    // What is sent to no path is not read.
    if (request.is404) done(null, undefined);
    else parser.parse(request, stream, done);
  });
}

class BodyParser {
  readonly #budget: BodyBudget;
  readonly #senders = new SlowSenders();

  constructor(
    private readonly limits: () => BodyLimits,
    private readonly parseJson: ParseJson,
  ) {
    this.#budget = new BodyBudget(() => limits().atOnceBytes);
  }

  parse(request: FastifyRequest, stream: Readable, done: Done): void {
    const events = request.routeOptions.config.rules?.body === 'events';
    const finish: Done = (error, body) => {
      if (error || events) done(error, body);
      else this.#toJson(request, body as Buffer, done);
    };
    this.#read(request, stream, events ? this.limits() : JSON_LIMITS, finish);
  }

  #read(request: FastifyRequest, stream: Readable, limits: OneBody, done: Done): void {
    const limit = limits.encodedBytes;
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > limit) return done(tooLarge(limit));
    const hold = this.#budget.open(declared);
    request.bodyHold = hold;
    askForBody(request.raw);
    const source = { stream, limit, hold, senders: this.#senders };
    const encoding = contentEncodingOf(request.headers['content-encoding']);
    readBody(source, (error, bytes) => {
      if (error || !bytes || encoding === undefined) done(error, bytes);
      else void decodeInto({ encoding, bytes, limit: limits.decodedBytes, hold }, done);
    });
  }

  #toJson(request: FastifyRequest, body: Buffer, done: Done): void {
    if (isUtf8(body)) void this.parseJson(request, body.toString(), done);
    else done(new Problem('invalid_json', 'The body is not UTF-8.'));
  }
}

/** Decoding is asynchronous, a plain body is not: that one must not wait for a promise. */
async function decodeInto(body: EncodedBody, done: Done): Promise<void> {
  let decoded: Buffer;
  try {
    decoded = await decodeBody(body);
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  done(null, decoded);
}
