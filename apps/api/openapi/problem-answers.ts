import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_CODES, problemCode, type ProblemCodeName } from '../problems/problem-codes.js';
import { Problem } from '../problems/problem.js';

/** An operation as the document has it. */
export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answers = Operation['responses'];

/** What a caller without or with too small a key may get, and what any operation behind one may end with. */
const BEHIND_A_KEY: readonly ProblemCodeName[] = [
  ...(['unauthenticated', 'forbidden'] as const),
  ...(['internal_error', 'catalogue_unavailable', 'shutting_down'] as const),
];
const WITH_A_BODY: readonly ProblemCodeName[] = [
  ...(['invalid_request', 'invalid_json', 'bad_request', 'request_timeout', 'expectation_failed'] as const),
  ...(['body_too_large', 'unsupported_media_type'] as const),
];

/** The failures that an operation may answer with: those of its kind and `own` ones. */
export function problemAnswers(operation: Operation, own: readonly ProblemCodeName[]): Answers {
  const codes = new Set<ProblemCodeName>([
    ...(isBehindKey(operation) ? BEHIND_A_KEY : []),
    ...(operation.requestBody ? WITH_A_BODY : []),
    ...(operation.parameters?.some((one) => 'in' in one && one.in === 'query')
      ? (['invalid_request'] as const)
      : []),
    ...own,
  ]);
  const byStatus = new Map<number, ProblemCodeName[]>();
  for (const code of [...codes].sort()) {
    const { status } = problemCode(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [String(status), answerOf(status, names)]),
  );
}

/** JSON Schema of a failure's body, for the document's components. */
export const PROBLEM_SCHEMA = {
  type: 'object' as const,
  description: 'Why a request was not answered with success (RFC 9457), and how to mend it.',
  required: ['type', 'title', 'status', 'code', 'detail', 'mend'],
  properties: {
    type: { type: 'string' as const, description: '`urn:alluvium:problem:` and the code.' },
    title: { type: 'string' as const, description: 'What the code means.' },
    status: { type: 'integer' as const, description: 'The HTTP status.' },
    code: {
      type: 'string' as const,
      enum: Object.keys(PROBLEM_CODES).sort(),
      description: 'Stable: its meaning never changes.',
    },
    detail: { type: 'string' as const, description: 'What is wrong, and where.' },
    mend: { type: 'string' as const, description: 'What to do.' },
    errors: {
      type: 'array' as const,
      description: 'Each of several mistakes; of events the first hundred.',
      items: {
        type: 'object' as const,
        required: ['path', 'message', 'mend'],
        properties: {
          path: { type: 'string' as const, description: 'Where: `filters.status[0]`.' },
          message: { type: 'string' as const },
          mend: { type: 'string' as const },
          index: { type: 'integer' as const, description: 'Of an event: its place in the request, from 0.' },
          code: { type: 'string' as const, description: 'Of an event: the reason, as in the quarantine.' },
          field: { type: 'string' as const, description: 'Of an event: the field at fault.' },
        },
      },
    },
    errors_total: { type: 'integer' as const, description: 'Mistakes in all.' },
    instance: { type: 'string' as const, description: '`urn:request:` and the X-Request-Id.' },
  },
};

function isBehindKey({ security = [] }: Operation): boolean {
  return security.some((way) => Object.keys(way).length > 0);
}

function answerOf(status: number, codes: readonly ProblemCodeName[]): Answers[string] {
  const examples = codes.map((code) => [code, { value: new Problem(code, `${titleOf(code)}.`).toBody() }]);
  const waits = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${titleOf(code)}.`).join(' '),
    ...(waits && {
      headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
    }),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function titleOf(code: ProblemCodeName): string {
  return problemCode(code).title;
}
