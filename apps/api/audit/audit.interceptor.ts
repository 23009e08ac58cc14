import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { AuditRecord, changedFields, type BegunChange, type BegunFacts, type FieldChange } from '#audit';
import { principalOf } from '../guarding/caller.decorator.js';
import { problemOf } from '../problems/problem-of.js';
import type { AuditedCall, AuditedChange } from './audited-change.js';
import { Refusals } from './refusals.js';

/** Metadata of a handler: its {@link AuditedChange}. */
export const AUDITED = Symbol('AUDITED');

/** A change with all that is needed to say what it was. */
interface Audit {
  readonly change: AuditedChange<unknown>;
  readonly call: AuditedCall;
  /** As it is now; undefined where it is not there. */
  readonly state: () => Promise<unknown>;
}

/**
 * Says that a change begins, lets it happen, and records what became of it, before anybody is answered. What was refused
 * changed nothing, and is only counted.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    @Inject(AuditRecord) private readonly record: AuditRecord,
    @Inject(Refusals) private readonly refusals: Refusals,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const audit = this.#auditOf(context, request);
    const before = await audit.state();
    const begun = await this.record.begin(begunFacts(audit, request));
    let answer: unknown;
    try {
      answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.#endFailed(begun, request, error);
      throw error;
    }
    await begun.end({ outcome: 'done', ...(await ending(audit, before, answer)) });
    return of(answer);
  }

  #auditOf(context: ExecutionContext, request: FastifyRequest): Audit {
    const change = Reflect.getMetadata(AUDITED, context.getHandler()) as AuditedChange<unknown>;
    const { params, body } = request;
    const call = { caller: principalOf(request), params: params as AuditedCall['params'], body };
    const controller: unknown = this.modules.get(context.getClass(), { strict: false });
    const state = async (): Promise<unknown> => change.state?.(controller, call);
    return { change, call, state: () => state().catch(goneOrThrow) };
  }

  async #endFailed(begun: BegunChange, request: FastifyRequest, error: unknown): Promise<void> {
    const { status, code } = problemOf(error);
    if (status >= 500) return void (await begun.end({ outcome: 'failed', error: code }));
    this.refusals.count(request, code, request.principal);
    await begun.forget();
  }
}

function begunFacts({ change, call }: Audit, request: FastifyRequest): BegunFacts {
  const { keyId: id, keyName: name } = call.caller;
  return {
    actor: { kind: 'key', id, name },
    tenant: tenantOf(change, call),
    action: change.action,
    object: objectOf(change, call),
    changes: changedFields(undefined, call.body ?? undefined),
    request_id: request.id,
    address: request.ip,
  };
}

/** What is known of a change when it is made. */
async function ending(
  { change, call, state }: Audit,
  before: unknown,
  answer: unknown,
): Promise<{ object: string | null; tenant: string | null; changes?: readonly FieldChange[] }> {
  const of = { object: objectOf(change, call, answer), tenant: tenantOf(change, call, answer) };
  if (change.made) return { ...of, changes: changedFields(undefined, change.made(answer, call)) };
  if (!change.state) return of;
  // It was made: that the state can't be read now is no reason to say less than what was asked for.
  const after = await state().then(
    (value) => ({ value }),
    () => undefined,
  );
  return after ? { ...of, changes: changedFields(before, after.value) } : of;
}

function tenantOf({ of }: AuditedChange<unknown>, call: AuditedCall, answer?: unknown): string | null {
  if (of === 'appliance') return null;
  const named = typeof of === 'function' ? of(call, answer) : undefined;
  return named ?? call.caller.tenant;
}

/** Characters of an object's name: a path may hold much more, which then is no name of anything. */
const MAX_OBJECT = 200;

function objectOf({ object }: AuditedChange<unknown>, call: AuditedCall, answer?: unknown): string | null {
  const named = object ? object(call, answer) : Object.values(call.params).join('/');
  return named?.slice(0, MAX_OBJECT) || null;
}

function goneOrThrow(error: unknown): undefined {
  if (problemOf(error).status === 404) return undefined;
  throw error;
}
