import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { RunTimeSettings } from '#app-config';
import { AccessGuard } from './guarding/access-guard.js';
import { RouteTable } from './guarding/route-table.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { serveDocs } from './openapi/serve-docs.js';
import { addBodyParsers, checkBodyHeaders } from './requests/body-rules.js';
import { createValidationPipe } from './requests/invalid-request.js';
import { SERVER_LIMITS, serverOptions, type TlsFiles } from './server-options.js';

export interface ApiOptions {
  /** Whether Swagger UI is served under `/docs`. */
  readonly docs: boolean;
}

/** The HTTP server for `NestFactory.create(module, createApiAdapter(tls), { bodyParser: false })`. */
export function createApiAdapter(tls?: TlsFiles): FastifyAdapter {
  return new FastifyAdapter(serverOptions(tls));
}

/** Gives the application all that its routes rely on; call it once, before `listen` or `init`. */
export function configureApi(app: NestFastifyApplication, { docs }: ApiOptions): void {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  server.server.maxConnections = SERVER_LIMITS.maxConnections;
  app.get(RouteTable).watch(server);
  app.useGlobalPipes(createValidationPipe());
  addHooks(app, server);
  const settings = app.get(RunTimeSettings);
  addBodyParsers(server, () => settings.current.limitsBodyEncodedBytes);
  if (docs) serveDocs(app);
}

/** In the order of a request: named, let in, its body's form judged; and counted when answered. */
function addHooks(app: NestFastifyApplication, server: FastifyInstance): void {
  const guard = app.get(AccessGuard);
  const metrics = app.get(RequestMetrics);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    done();
  });
  server.addHook('onRequest', (request) => guard.check(request));
  server.addHook('onRequest', (request, _reply, done) => {
    checkBodyHeaders(request);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    metrics.countRequest(request, reply);
    done();
  });
}
