import type { ArchivedUnits } from '#archived-units';
import type { FileSystemState } from '#observability';
import type { RetainingTier, StreamSpec, TableTtl } from '#plugin-kit';
import type { StreamRegistry } from '#storage-tier';
import type { Hold } from '../holds/hold.js';
import type { RetentionHolds } from '../holds/retention-holds.js';
import type { StoredPolicy } from '../policies/policy.js';
import type { RetentionPolicies } from '../policies/retention-policies.js';
import type { PolicyContext, StreamUnit } from './choose-units.js';

const HOUR_MS = 3_600_000;

export interface UnitReaderParts {
  readonly tier: () => Pick<RetainingTier, 'storedUnits' | 'tableTtls'>;
  readonly streams: Pick<StreamRegistry, 'list'>;
  readonly policies: Pick<RetentionPolicies, 'read'>;
  readonly holds: Pick<RetentionHolds, 'list'>;
  readonly archived: Pick<ArchivedUnits, 'of'>;
  readonly disk: () => Promise<Pick<FileSystemState, 'totalBytes'>>;
  /** What counts where no policy is for a stream. */
  readonly keepByDefault: string;
  /** Hours for which the hot copy stays behind the moment from which the archive answers. */
  readonly graceHours: () => number;
  /** That of times at which policies are applied. */
  readonly timeZone: () => string;
}

/** A tenant's units with what decides about them. */
export interface TenantUnits {
  readonly specs: readonly StreamSpec[];
  readonly units: readonly StreamUnit[];
  readonly context: PolicyContext & { readonly policies: readonly StoredPolicy[]; readonly timeZone: string };
  /** Those that hold. */
  readonly holds: readonly Hold[];
  /** By which the engine deletes events by itself, whatever policies say. */
  readonly ttls: readonly TableTtl[];
  /** Of the saved policies. */
  readonly version: number;
}

/** Reads what is stored of a tenant from the tier, with its policies and holds. */
export class UnitReader {
  constructor(private readonly parts: UnitReaderParts) {}

  /**
   * @param now milliseconds since the epoch
   * @param propose makes other policies of the saved ones
   * @throws TierError
   */
  async read(
    tenant: string,
    now: number,
    propose?: (saved: readonly StoredPolicy[]) => readonly StoredPolicy[],
  ): Promise<TenantUnits> {
    const { archived, policies: kept, holds, streams, disk, keepByDefault } = this.parts;
    const { version, policies: saved } = await kept.read(tenant);
    const specs = await streams.list(tenant);
    const units: StreamUnit[] = [];
    for (const spec of specs) units.push(...(await this.#unitsOf(spec)));
    const { totalBytes: diskBytes } = await disk();
    const archives = await Promise.all(
      specs.map(async ({ name }) => [name, await archived.of(tenant, name)] as const),
    );
    const context = {
      ...{ policies: propose?.(saved) ?? saved, keepByDefault, now, diskBytes },
      documents: new Set(specs.filter(({ storedIn }) => storedIn === 'documents').map(({ name }) => name)),
      ...{ archives: new Map(archives), graceMs: this.parts.graceHours() * HOUR_MS },
      timeZone: this.parts.timeZone(),
    };
    const holding = (await holds.list(tenant)).filter(({ released_at: at }) => at === undefined);
    const ttls = await this.parts.tier().tableTtls(tenant);
    return { specs, units, context, holds: holding, ttls, version };
  }

  async #unitsOf(spec: StreamSpec): Promise<readonly StreamUnit[]> {
    const units = await this.parts.tier().storedUnits(spec);
    return units.map(({ diskBytes: bytes, ...unit }) => ({
      ...unit,
      ...{ bytes, stream: spec.name, eventType: spec.eventType.name },
    }));
  }
}
