import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { addRules } from '../guarding/access-metadata.js';
import { AUDITED, AuditInterceptor } from './audit.interceptor.js';
import type { AuditedChange } from './audited-change.js';

/** The route changes something: each call that does makes one entry of the audit record, before it is answered. */
export function Audited<C>(change: AuditedChange<C>): MethodDecorator {
  return applyDecorators(
    addRules({ changes: change.action }),
    SetMetadata(AUDITED, change),
    UseInterceptors(AuditInterceptor),
  );
}
