import type { IncomingHttpHeaders } from 'node:http';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readRetryAfter } from './retry-after.js';

/** An answer of a server that is no success. Its words are the server's: what is wrong, where, and how to mend it. */
export class Refusal extends CliError {
  readonly status: number;
  /** Stable code of the problem, such as `backlog_full`; empty where somebody else answered, such as a proxy. */
  readonly code: string;
  /** Milliseconds after which the server wants to be asked again; undefined where it doesn't say. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, headers: IncomingHttpHeaders, body: string) {
    const problem = readProblem(body);
    super(
      problem ? sentence(problem) : strangerSays(status, headers),
      status < 500 && status !== 429 ? EXIT.refused : EXIT.failed,
      problem?.mend ?? (problem ? undefined : 'Check that --url is the address of an Alluvium server.'),
    );
    this.status = status;
    this.code = problem?.code ?? '';
    this.retryAfterMs = readRetryAfter(headers['retry-after']);
  }

  /** Whether the same request may be taken later, with nothing written by now. */
  get mayPass(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

interface Mistake {
  readonly path?: string;
  readonly index?: number;
  readonly message: string;
  readonly mend?: string;
}

/** What is used of RFC 9457's problem and the members that the API adds. */
interface ReadProblem {
  readonly code: string;
  readonly detail: string;
  readonly mend?: string;
  readonly errors?: readonly Mistake[];
}

const MAX_MISTAKES = 5;

function readProblem(body: string): ReadProblem | undefined {
  try {
    const value = JSON.parse(body) as Partial<ReadProblem> | null;
    return typeof value?.code === 'string' && typeof value.detail === 'string'
      ? (value as ReadProblem)
      : undefined;
  } catch {
    return undefined;
  }
}

function sentence({ detail, code, errors = [] }: ReadProblem): string {
  const mistakes = errors.slice(0, MAX_MISTAKES).map(({ path, index, message, mend }) => {
    const where = index === undefined ? (path ?? '') : `event ${index}`;
    return ` ${where} ${message}${mend === undefined ? '' : ` (${mend})`};`;
  });
  const more = errors.length > MAX_MISTAKES ? ` and ${errors.length - MAX_MISTAKES} more;` : '';
  return `${detail}${mistakes.join('')}${more} (${code})`;
}

function strangerSays(status: number, { location }: IncomingHttpHeaders): string {
  const to = status >= 300 && status < 400 && location !== undefined ? `, pointing to ${location}` : '';
  return `The answer was HTTP ${status}${to}, not in the words of this API.`;
}
