/** A Redis, or the Sentinels that know which of several is the master. */
export interface RedisPlace {
  /** `redis://` or, with TLS, `rediss://`, a host, a port and the number of a database; with Sentinels the host is the master's name. */
  readonly url: string;
  readonly user: string;
  /** Empty where there is none. */
  readonly password: string;
  /** PEM of the authorities that certificates are checked by; those that Node trusts where absent. */
  readonly ca?: string;
  /** `host:port` of each. */
  readonly sentinels: readonly string[];
  readonly sentinelPassword: string;
  /** Begins every key, so that several appliances can share a Redis. */
  readonly prefix: string;
}
