import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Lets the framework write its own lines through the process's logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  /** The framework tells of every module and route at start: that is detail. */
  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(context(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      { ...context(rest), ...(message instanceof Error && { err: message }) },
      String(message),
    );
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(context(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(context(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(context(rest), String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(context(rest), String(message));
  }
}

/** The framework passes the name of the speaking class last, an error's stack before it. */
function context(rest: readonly unknown[]): { readonly context?: string; readonly stack?: string } {
  const texts = rest.filter((each) => typeof each === 'string');
  const name = texts.at(-1);
  const stack = texts.length > 1 ? texts[0] : undefined;
  return { ...(name !== undefined && { context: name }), ...(stack !== undefined && { stack }) };
}
