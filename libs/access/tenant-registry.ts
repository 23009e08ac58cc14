import type { Catalogue, Stored } from '#catalogue';
import { DEFAULT_TENANT, formatTimestamp, isTenantName, NAME_RULE, nowNs } from '#event-model';
import { AccessError } from './access.errors.js';
import type { Principal } from './principal.js';

const TENANTS = 'tenants';
const PAGE = 1_000;

/** A tenant; `created_at` is absent for `default`, which was always there. */
export interface Tenant {
  readonly name: string;
  readonly created_at?: string;
}

/** The tenants: `default`, and those made by keys with the scope `system`. */
export class TenantRegistry {
  constructor(private readonly catalogue: Catalogue) {}

  async exists(name: string): Promise<boolean> {
    if (name === DEFAULT_TENANT) return true;
    return isTenantName(name) && (await this.catalogue.read(TENANTS, name)) !== undefined;
  }

  /** @throws AccessError `forbidden` without `system`, `tenant_invalid`, `tenant_exists`. */
  async create(by: Principal, name: string): Promise<Tenant> {
    if (!by.scopes.has('system')) {
      throw new AccessError('forbidden', 'Only a key with the scope system may create a tenant; use one.');
    }
    if (!isTenantName(name)) {
      throw new AccessError('tenant_invalid', `The name of a tenant must be ${NAME_RULE}; choose another.`);
    }
    const value = { name, created_at: formatTimestamp(nowNs()) };
    if (await this.keep(value)) return value;
    throw new AccessError('tenant_exists', `The tenant ${name} exists already; choose another name.`);
  }

  /** All tenants for the scope `system`, the key's own for all others. */
  async list(by: Principal): Promise<readonly Tenant[]> {
    const all = [{ name: DEFAULT_TENANT }, ...(await this.kept())];
    return by.scopes.has('system') ? all : all.filter(({ name }) => name === by.tenant);
  }

  private async keep(value: Tenant): Promise<boolean> {
    if (value.name === DEFAULT_TENANT) return false;
    const change = { collection: TENANTS, id: value.name, value, ifVersion: 0 };
    return (await this.catalogue.write([change]))[0]?.kind === 'written';
  }

  private async kept(): Promise<readonly Tenant[]> {
    const tenants: Tenant[] = [];
    let page: readonly Stored<Tenant>[] = [];
    do {
      const after = page.at(-1)?.id;
      page = await this.catalogue.scan<Tenant>(TENANTS, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      tenants.push(...page.map(({ value }) => value));
    } while (page.length === PAGE);
    return tenants;
  }
}
