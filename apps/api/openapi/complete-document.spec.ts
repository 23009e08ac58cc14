import { beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../problems/problem-codes.js';
import { buildOpenApiDocument } from './build-openapi-document.js';
import type { Operation } from './problem-answers.js';

/** Answered before a route is found, or while the request is read. */
const OF_THE_TRANSPORT = ['headers_too_large', 'method_not_allowed', 'route_unknown', 'uri_too_long'];

let operations: ReadonlyMap<string, Operation>;
let schemas: readonly string[];
beforeAll(async () => {
  const document = await buildOpenApiDocument();
  const all = Object.values(document.paths).flatMap((item) =>
    Object.values(item as Record<string, Operation>),
  );
  operations = new Map(all.map((operation) => [operation.operationId ?? '', operation]));
  schemas = Object.keys(document.components?.schemas ?? {});
});

const textOf = (operation: string, status: number): string =>
  JSON.stringify(operations.get(operation)?.responses[String(status)]);

describe('the completed document', () => {
  it('names each failure of an operation with its code, and how to mend it', () => {
    expect(textOf('Keys_revoke', 404)).toContain('"code":"key_not_found"');
    expect(textOf('Keys_revoke', 401)).toContain('"code":"unauthenticated"');
    expect(textOf('Keys_create', 415)).toContain('"code":"unsupported_media_type"');
    expect(textOf('Ingest_sendToDefault', 503)).toContain('Retry-After');
    expect(textOf('Ingest_sendToDefault', 503)).toContain('#/components/schemas/Problem');
    expect(operations.get('Health_live')?.responses).not.toHaveProperty('401');
    expect(schemas).toContain('Problem');
  });

  it('shows every code of the API somewhere', () => {
    const text = JSON.stringify([...operations.values()].map(({ responses }) => responses));
    const shown = Object.keys(PROBLEM_CODES).filter((code) => text.includes(`"code":"${code}"`));
    expect([...shown, ...OF_THE_TRANSPORT].sort()).toEqual(Object.keys(PROBLEM_CODES).sort());
  });

  it('gives an example of each body, its own where it has one', () => {
    const bodyOf = (name: string): string => JSON.stringify(operations.get(name)?.requestBody);
    expect(bodyOf('Keys_create')).toContain('"example":{"name":"web-agents"');
    expect(bodyOf('Ingest_sendToDefault')).toContain('"examples"');
    expect(textOf('Receipts_read', 200)).toContain('"example":{"accepted":2');
    expect(textOf('exportLogs', 200)).toContain('PAR1');
  });

  it('says what stands in a path', () => {
    const [stream] = operations.get('Streams_find')?.parameters ?? [];
    expect(stream).toMatchObject({ name: 'stream', description: "A stream's name.", example: 'default' });
  });
});
