import { Ajv, type ValidateFunction } from 'ajv';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

type Content = Readonly<Record<string, Media>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** The part of an OpenAPI document that requests are made of. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

/** A request that the document shows. */
export interface ExampleRequest {
  /** For people: `Keys_create, application/json`. */
  readonly title: string;
  readonly method: string;
  /** With `{name}` where the path's parameters stand. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly operation: Operation;
}

/** Every request that the document has an example of; one without a body for operations that take none. */
export function exampleRequests(document: ApiDocument): ExampleRequest[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const request = { title: operation.operationId, method: method.toUpperCase(), path, operation };
      const bodies = bodiesOf(operation.requestBody?.content ?? {});
      return bodies.length === 0 ? [request] : bodies.map((one) => withBody(request, one));
    }),
  );
}

interface ExampleBody {
  readonly contentType: string;
  readonly value: unknown;
}

function bodiesOf(content: Content): ExampleBody[] {
  return Object.entries(content).flatMap(([contentType, media]) => {
    const named = Object.values(media.examples ?? {}).map(({ value }) => value);
    const values = 'example' in media ? [media.example, ...named] : named;
    return values.map((value) => ({ contentType, value }));
  });
}

function withBody(request: ExampleRequest, { contentType, value }: ExampleBody): ExampleRequest {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { ...request, title: `${request.title}, ${contentType}`, contentType, body };
}

/** Judges answers by what the document says of them. */
export class AnswerJudge {
  // The dialect of OpenAPI 3.0: formats such as `binary` are for people.
  readonly #ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  constructor(private readonly document: ApiDocument) {}

  /** What is wrong with an answer; empty where the document has it so. */
  problems(operation: Operation, answer: { status: number; type: string; text: string }): string[] {
    const documented = operation.responses[String(answer.status)];
    if (!documented) return [`status ${answer.status} is not documented`];
    const media = documented.content?.[answer.type];
    if (!media) return [`type ${answer.type} of status ${answer.status} is not documented`];
    if (!answer.type.endsWith('json') || isFile(media)) return [];
    const check = this.#validator(media.schema ?? {});
    if (check(JSON.parse(answer.text))) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || 'the body'} ${message}`,
    );
  }

  #validator(schema: object): ValidateFunction {
    return this.#ajv.compile({ ...schema, components: this.document.components });
  }
}

/** Whether the answer is downloaded rather than read. */
function isFile(media: Media): boolean {
  return (media.schema as { readonly format?: string } | undefined)?.format === 'binary';
}
