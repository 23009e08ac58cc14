import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);

/** One operation with everything that a caller wants to know. */
function goodDocument() {
  const json = { schema: { type: 'object', properties: { a: { type: 'number' } } }, example: { a: 1 } };
  const value = { status: 401, code: 'unauthenticated', title: 'No key', detail: 'None.', mend: 'Send one.' };
  const problem = { schema: { type: 'object' }, examples: { unauthenticated: { value } } };
  const operation = {
    operationId: 'Things_find',
    summary: 'One thing',
    description: 'As it is.',
    tags: ['Things'],
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'Its id.',
        example: '7',
        schema: { type: 'string' },
      },
    ],
    requestBody: { content: { 'application/json': json } },
    responses: {
      200: { description: 'Found.', content: { 'application/json': json } },
      401: { description: 'No key.', content: { 'application/problem+json': problem } },
    },
  };
  return {
    openapi: '3.0.0',
    info: { title: 'Things', version: '1', description: 'Of things.' },
    tags: [{ name: 'Things', description: 'Things.' }],
    paths: { '/things/{id}': { post: operation } },
  };
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-openapi-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function lint(document: object): Promise<string> {
  const path = join(directory, 'openapi.json');
  await writeFile(path, JSON.stringify(document));
  const command = run(process.execPath, [join(import.meta.dirname, 'lint-openapi.mjs'), path]);
  return command.then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { stdout: string }).stdout,
  );
}

it('finds nothing to say about a document that says everything', async () => {
  expect(await lint(goodDocument())).toBe('openapi: all is well\n');
});

type Operation = ReturnType<typeof goodDocument>['paths']['/things/{id}']['post'];

it.each<[rule: string, fault: (operation: Operation) => void]>([
  ['operation-has-a-summary', (operation) => Object.assign(operation, { summary: '' })],
  ['operation-description', (operation) => Object.assign(operation, { description: '' })],
  ['operation-id-has-a-form', (operation) => Object.assign(operation, { operationId: 'find-it' })],
  ['operation-tag-defined', (operation) => Object.assign(operation, { tags: ['Others'] })],
  [
    'parameter-has-a-description',
    ({ parameters }) => Object.assign(parameters[0] ?? {}, { description: '' }),
  ],
  [
    'path-parameter-has-an-example',
    ({ parameters }) => Reflect.deleteProperty(parameters[0] ?? {}, 'example'),
  ],
  [
    'body-has-a-schema-and-an-example',
    ({ requestBody }) => Object.assign(requestBody, { content: { 'text/plain': {} } }),
  ],
  ['success-has-content', ({ responses }) => Object.assign(responses, { 200: { description: 'Found.' } })],
  [
    'oas3-valid-media-example',
    ({ responses }) => Object.assign(responses[200].content['application/json'], { example: { a: 'x' } }),
  ],
  ['operation-names-its-failures', ({ responses }) => Reflect.deleteProperty(responses, '401')],
  ['failure-is-a-problem', ({ responses }) => Object.assign(responses, { 404: { description: 'None.' } })],
])('finds what %s is about', async (rule, fault) => {
  const document = structuredClone(goodDocument());
  fault(document.paths['/things/{id}'].post);
  const found = await lint(document);
  expect(found).toContain(`[${rule}]`);
  expect(found).toMatch(/openapi: \d+ findings/);
});
