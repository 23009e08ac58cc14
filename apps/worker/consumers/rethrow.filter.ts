import { Catch, Inject, type RpcExceptionFilter } from '@nestjs/common';
import type { Logger } from 'pino';
import { throwError, type Observable } from 'rxjs';
import { LOGGER } from '#observability';

/** Passes on what a handler threw, as it is: Nest's own filter makes "Internal server error" of it. */
@Catch()
export class RethrowFilter implements RpcExceptionFilter<unknown> {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** The bus delivers the block again and says nothing about it, so the reason is logged here. */
  catch(error: unknown): Observable<never> {
    this.logger.warn({ err: error }, 'a block is delivered again');
    return throwError(() => error);
  }
}
