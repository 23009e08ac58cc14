/** How a log line about an error is to be marked. */
export type ErrorLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface AlluviumErrorOptions {
  /** Stable, snake_case; the same in answers, logs and the error-code page. */
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly logLevel?: ErrorLogLevel;
  readonly cause?: unknown;
}

/** An error that carries what a caller needs to act: a stable code, whether a retry helps, and its log level. */
export class AlluviumError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly logLevel: ErrorLogLevel;

  constructor(message: string, options: AlluviumErrorOptions) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable;
    this.logLevel = options.logLevel ?? (options.retryable ? 'warn' : 'error');
  }
}
