import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { deriveBudgets, resolveMemoryLimit, RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { AccessGuard } from './guarding/access-guard.js';
import { RouteTable } from './guarding/route-table.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { serveDocs } from './openapi/serve-docs.js';
import { addBodyParser, type BodyLimits } from './requests/body-parser.js';
import { checkBodyHeaders } from './requests/body-rules.js';
import { capConnections, type ConnectionCaps } from './requests/connection-caps.js';
import { checkHost } from './requests/check-host.js';
import { checkPath } from './requests/check-path.js';
import { holdBackContinue } from './requests/expect-continue.js';
import { createValidationPipe } from './requests/invalid-request.js';
import { checkOrigin, routeUpgrades } from './requests/upgrades.js';
import { watchUnused } from './requests/unused-connections.js';
import { letBodyRunOut } from './requests/unread-body.js';
import { serverOptions, type TlsFiles } from './server-options.js';
import { moveKeyToHeader } from './tail/socket-key.js';

export interface ApiOptions {
  /** Whether Swagger UI is served under `/docs`. */
  readonly docs: boolean;
  /** Default: no cap. */
  readonly connections?: ConnectionCaps;
}

/** The HTTP server for `NestFactory.create(module, createApiAdapter(tls), { bodyParser: false })`. */
export function createApiAdapter(tls?: TlsFiles): FastifyAdapter {
  return new FastifyAdapter(serverOptions(tls));
}

/** Gives the application all that its routes rely on; call it once, before `listen` or `init`. */
export function configureApi(app: NestFastifyApplication, { docs, connections }: ApiOptions): void {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  if (connections) capConnections(server.server, connections);
  holdBackContinue(server.server);
  watchUnused(server.server);
  routeUpgrades(server, moveKeyToHeader);
  app.get(RouteTable).watch(server);
  app.useGlobalPipes(createValidationPipe());
  addHooks(app, server);
  addBodyParser(server, bodyLimitsOf(app.get(RunTimeSettings), app.get(SETTINGS)));
  if (docs) serveDocs(app);
}

/** Held to what the memory of the process does for. */
function bodyLimitsOf(settings: RunTimeSettings, { boot }: Settings): () => BodyLimits {
  const { inFlightBytes } = deriveBudgets(resolveMemoryLimit(boot.memoryLimit));
  return () => ({
    encodedBytes: settings.current.limitsBodyEncodedBytes,
    decodedBytes: settings.current.limitsBodyDecodedBytes,
    atOnceBytes: Math.min(settings.current.limitsBodiesAtOnceBytes, inFlightBytes),
  });
}

/** In the order of a request: named, let in, its body's form judged; and counted when answered. */
function addHooks(app: NestFastifyApplication, server: FastifyInstance): void {
  const guard = app.get(AccessGuard);
  const metrics = app.get(RequestMetrics);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    checkHost(request);
    checkOrigin(request);
    done();
  });
  server.addHook('onRequest', (request) => guard.check(request));
  server.addHook('onRequest', (request, _reply, done) => {
    checkPath(request);
    checkBodyHeaders(request);
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    letBodyRunOut(request, reply);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    metrics.countRequest(request, reply);
    done();
  });
}
