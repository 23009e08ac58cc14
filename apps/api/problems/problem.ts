import { AlluviumError } from '#event-model';
import { DEFAULT_RETRY_AFTER, problemCode, type ProblemCodeName } from './problem-codes.js';

/** One of several mistakes in a request. */
export interface RequestMistake {
  /** Where in the body or the query: `filters.status[0]`. */
  readonly path: string;
  readonly message: string;
  readonly mend: string;
  /** Of an event: its place in the request, from 0. */
  readonly index?: number;
  /** Of an event: the reason that the quarantine would give. */
  readonly code?: string;
  /** Of an event: the field at fault. */
  readonly field?: string;
}

export interface ProblemOptions {
  /** Instead of the code's own. */
  readonly mend?: string;
  readonly errors?: readonly RequestMistake[];
  /** How many mistakes there are, where `errors` has only the first. */
  readonly errorsTotal?: number;
  /** Seconds; 429 and 503 have a default. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A request that can't be answered with success, in the words of the API. */
export class Problem extends AlluviumError {
  declare readonly code: ProblemCodeName;
  readonly options: ProblemOptions;

  /** @param detail what is wrong, and where; without secrets and internals. */
  constructor(code: ProblemCodeName, detail: string, options: ProblemOptions = {}) {
    const { status } = problemCode(code);
    const logLevel = status === 500 ? 'error' : status > 500 ? 'warn' : 'debug';
    super(detail, { code, retryable: mayPass(status), logLevel, cause: options.cause });
    this.options = options;
  }

  get status(): number {
    return problemCode(this.code).status;
  }

  /** Headers of the answer, `Retry-After` included. */
  get headers(): Readonly<Record<string, string>> {
    const { headers = {}, retryAfter = mayPass(this.status) ? DEFAULT_RETRY_AFTER : undefined } =
      this.options;
    return retryAfter === undefined ? headers : { 'retry-after': String(retryAfter), ...headers };
  }

  /** The body of the answer (RFC 9457). */
  toBody(instance?: string): ProblemBody {
    const { title, mend, status } = problemCode(this.code);
    return {
      type: `urn:alluvium:problem:${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      mend: this.options.mend ?? mend,
      ...(this.options.errors && { errors: this.options.errors }),
      ...(this.options.errorsTotal !== undefined && { errors_total: this.options.errorsTotal }),
      ...(instance !== undefined && { instance }),
    };
  }
}

/** An RFC 9457 problem with the members that this API adds. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly mend: string;
  readonly errors?: readonly RequestMistake[];
  /** How many mistakes there are, where `errors` has only the first. */
  readonly errors_total?: number;
  /** `urn:request:<X-Request-Id>`: what the server's log names it by. */
  readonly instance?: string;
}

function mayPass(status: number): boolean {
  return status === 429 || status === 503;
}
