import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { etagOf } from '../settings/if-match.js';

/** Gives an answer that has a `version` the ETag of it. */
@Injectable()
export class VersionTag implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer) => {
        if ('version' in answer && typeof answer.version === 'number')
          void reply.header('etag', etagOf(answer.version));
        return answer;
      }),
    );
  }
}
