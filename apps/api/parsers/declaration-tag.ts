import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { etagOf } from '../settings/if-match.js';
import type { DescribedParser } from './parsers.schema.js';

/** Gives an answer that describes a declared parser the ETag of its version. */
@Injectable()
export class DeclarationTag implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer) => {
        const { declared } = answer as Partial<DescribedParser>;
        if (declared) void reply.header('etag', etagOf(declared.version));
        return answer;
      }),
    );
  }
}
