import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Principal } from '#access';
import { AuditRecord, type AuditActor, type FieldChange } from '#audit';
import { LOGGER } from '#observability';

/** Milliseconds between two entries about one key: a flood of refused requests must not become a flood of entries. */
const EVERY_MS = 600_000;
/** Keys that are told apart in that time, and kinds of refusals of each. */
const MAX_KEYS = 100;
const MAX_KINDS = 20;
const OTHERS = 'others';

interface RefusedKey {
  readonly actor: AuditActor;
  readonly tenant: string | null;
  /** How often, by action, code and address. */
  readonly counts: Map<string, number>;
}

/**
 * Counts requests that would have changed something and were refused: each key, and all that came without one, has one entry
 * in ten minutes.
 */
@Injectable()
export class Refusals implements OnModuleDestroy {
  readonly #keys = new Map<string, RefusedKey>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    @Inject(AuditRecord) private readonly record: AuditRecord,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error'>,
  ) {
    this.#timer = setInterval(() => void this.flush(), EVERY_MS);
    this.#timer.unref();
  }

  /**
   * Counts a request to a route that changes something.
   *
   * @param code of the problem that it was answered with
   * @param caller undefined where it had no valid key
   */
  count(request: FastifyRequest, code: string, caller: Principal | undefined): void {
    const action = request.routeOptions.config.rules?.changes;
    if (action === undefined || action === 'nothing') return;
    const { counts } = this.#keyOf(caller);
    const kind = `${action} ${code} ${request.ip}`;
    const counted = counts.has(kind) || counts.size < MAX_KINDS ? kind : OTHERS;
    counts.set(counted, (counts.get(counted) ?? 0) + 1);
  }

  /** Records what was counted since the last time. Never rejects: what can't be recorded is counted on. */
  async flush(): Promise<void> {
    for (const [id, key] of [...this.#keys]) {
      this.#keys.delete(id);
      try {
        const { actor, tenant, counts } = key;
        const changes = [...counts].map(([field, after]): FieldChange => ({ field, after }));
        await this.record.append({
          ...{ actor, tenant, action: 'request.refuse', object: null, outcome: 'refused', changes },
        });
      } catch (error) {
        if (!this.#keys.has(id)) this.#keys.set(id, key);
        this.logger.error({ err: error }, 'refused requests are not in the audit record yet');
      }
    }
  }

  onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    return this.flush();
  }

  #keyOf(caller: Principal | undefined): RefusedKey {
    const known = this.#keys.get(caller?.keyId ?? '');
    if (known) return known;
    const isApart = caller !== undefined && this.#keys.size < MAX_KEYS;
    const id = isApart ? caller.keyId : '';
    const made = this.#keys.get(id) ?? { ...identityOf(isApart ? caller : undefined), counts: new Map() };
    this.#keys.set(id, made);
    return made;
  }
}

/** Refused requests without a key are nobody's, and concern the whole appliance. */
function identityOf(caller: Principal | undefined): Pick<RefusedKey, 'actor' | 'tenant'> {
  if (!caller) return { actor: { kind: 'nobody' }, tenant: null };
  return { actor: { kind: 'key', id: caller.keyId, name: caller.keyName }, tenant: caller.tenant };
}
