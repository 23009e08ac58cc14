import type { StreamSpec } from '#plugin-kit';

/** Names of tenants and streams have no dot, so that no two collections get one name. */
export function eventsName({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>): string {
  return `events.${tenant}.${name}`;
}

/** Where the counts of a stream's events stand: a document a block. */
export function countsName({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>): string {
  return `counts.${tenant}.${name}`;
}

/** Where what was refused of all streams of a tenant is kept. */
export function quarantineName(tenant: string): string {
  return `quarantine.${tenant}`;
}
