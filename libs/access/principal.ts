import type { Scope } from './scopes.js';

/** Who sends a request, as its credential says; the only source of the tenant. */
export interface Principal {
  readonly keyId: string;
  readonly keyName: string;
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
  /** `source` of the events sent with this key, unless the request names one. */
  readonly source: string;
  /** Where events go that name no stream. */
  readonly defaultStream: string;
  /** The only streams that the key may touch; absent: all of its tenant. */
  readonly streams?: ReadonlySet<string>;
}
