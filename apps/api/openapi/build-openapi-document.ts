import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { API_NEEDS } from '../api-needs.js';
import { ApiModule } from '../api.module.js';
import { openApiDocument } from './openapi-document.js';

/** Stands for the rest of the process, of which the documentation shows nothing. */
const NOTHING = API_NEEDS.map((provide) => ({ provide, useValue: null }));

@Global()
@Module({ providers: NOTHING, exports: [...API_NEEDS] })
class NothingModule {}

@Module({ imports: [NothingModule, ApiModule] })
class DescribedModule {}

/** The OpenAPI document without a running server: no engine is opened, no provider made. Paths are in a stable order. */
export async function buildOpenApiDocument(): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(DescribedModule, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const document = openApiDocument(app);
  await app.close();
  return { ...document, paths: sortKeys(document.paths) };
}

/** Paths come in the order in which modules name their controllers: that must not show as a change. */
function sortKeys<T>(object: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
