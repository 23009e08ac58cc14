import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem, type RequestMistake } from '../problems/problem.js';

/** What a schema found, with what zod adds to the standard's two members. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  /** Of a union: what each of its forms found. */
  readonly errors?: readonly (readonly Issue[])[];
  readonly params?: { readonly mend?: string } | undefined;
}

/** Most mistakes that one answer lists. */
const MAX_MISTAKES = 100;
const SEND_BODY = 'Send a JSON object as the body, with Content-Type: application/json.';
const SEE_DOCS = 'See this path under /docs for what it takes.';

/** Checks bodies and queries against the schema of their parameter, and lists all mistakes at once. */
export function createValidationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest });
}

/** The problem that names every mistake of a request. */
export function invalidRequest(issues: readonly Issue[]): Problem {
  const errors = issues.slice(0, MAX_MISTAKES).flatMap(unfold).map(toMistake);
  const count = issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`;
  return new Problem('invalid_request', `The request has ${count}; see errors.`, { errors });
}

/** A union's own words say nothing: the form that the value comes nearest to does, else what the forms are. */
function unfold(issue: Issue): readonly Issue[] {
  const forms = issue.code === 'invalid_union' ? (issue.errors ?? []) : [];
  if (forms.length === 0) return [issue];
  const path = issue.path ?? [];
  const near = forms.find((found) =>
    found.every((each) => each.code !== 'invalid_type' || each.path?.length),
  );
  if (near) return near.map((each) => ({ ...each, path: [...path, ...(each.path ?? [])] })).flatMap(unfold);
  const expected = [...new Set(forms.flat().flatMap((each) => expectedOf(each)))].join(' or ');
  return [{ code: 'invalid_type', path, expected, message: `Invalid input: expected ${expected}` }];
}

function expectedOf(issue: Issue): readonly string[] {
  return issue.expected === undefined ? (issue.errors ?? []).flat().flatMap(expectedOf) : [issue.expected];
}

function toMistake(issue: Issue): RequestMistake {
  const where = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const isBody = where.length === 0 && issue.expected === 'object';
  const mend = isBody ? SEND_BODY : mendOf(issue);
  return { path: where.join('.'), message: issue.message, mend: issue.params?.mend ?? mend };
}

function mendOf({ code, expected, keys, values, minimum, maximum }: Issue): string {
  if (code === 'unrecognized_keys') return `Leave out ${keys?.join(', ')}.`;
  if (code === 'invalid_value')
    return `Send one of ${values?.map((value) => JSON.stringify(value)).join(', ')}.`;
  if (code === 'too_big') return `Send at most ${maximum}.`;
  if (code === 'too_small') return `Send at least ${minimum}.`;
  return expected === undefined ? SEE_DOCS : `Send it as ${expected}.`;
}
