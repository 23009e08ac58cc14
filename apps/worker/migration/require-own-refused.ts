import { MigrationError } from '#migration';
import type { QuarantineTier } from '#plugin-kit';
import type { StreamRegistry } from '#storage-tier';
import { ordersOf } from '../quarantine/orders.js';

/** Refused events that are looked at: a call that was broken off has brought the first ones. */
const PAGE = 1_000;

/** The appliance whose refused events come along. */
export interface RefusedOrigin {
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly tier: Pick<QuarantineTier, 'refusedLines'>;
}

/**
 * Refused events that a new appliance has before it was started must be those that are to come along: others would be shown
 * beside them, and are in no account.
 *
 * @param origin undefined where none are to come
 * @throws MigrationError `migration_refused`
 */
export async function requireOwnRefused(
  tenant: string,
  there: Pick<QuarantineTier, 'refusedPlaces'>,
  origin: RefusedOrigin | undefined,
): Promise<void> {
  const page = await there.refusedPlaces({ tenant }, { limit: PAGE });
  for (const [name, places] of ordersOf(page)) {
    const stream = await origin?.streams.find(tenant, name);
    const own = stream ? await origin?.tier.refusedLines(stream, places) : undefined;
    if (own?.length !== places.length)
      throw new MigrationError(
        'migration_refused',
        `The ClickHouse server of CLICKHOUSE_URL has refused events of the tenant "${tenant}" in quarantine already, of another appliance or of a call without --leave-quarantine: name another server, or drop the database tenant_${tenant} there.`,
      );
  }
}
