/** An engine that runs for tests. */
export interface RunningEngine {
  readonly pid: number | undefined;
  readonly version: string;
  readonly directory: string;
  readonly ports: readonly number[];
  /** What names it to a program, such as `CLICKHOUSE_URL`. */
  readonly variables: Readonly<Record<string, string>>;
  start(): Promise<void>;
  end(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** How an engine is had: `known-engines.mjs`. */
export interface EngineKind {
  readonly name: string;
  readonly about: string;
  readonly ports: number;
}

export interface StartOptions {
  readonly staysUp?: boolean;
  readonly directory?: string;
  readonly ports?: readonly number[];
  /** ClickHouse, MongoDB: users besides the one of `variables`, who may do everything. Kafka: who may log in with TLS. */
  readonly users?: readonly {
    readonly name: string;
    readonly password: string;
    readonly grants?: readonly string[];
    /** MongoDB: such as `{ role: 'read', db: 'kept' }`. */
    readonly roles?: readonly { readonly role: string; readonly db: string }[];
  }[];
  /** S3: buckets can keep versions, and lock objects. */
  readonly versions?: boolean;
  /** Kafka, MongoDB: which of the nodes that `ports` has; TLS (PEM; of Kafka a listener with passwords, of S3 the only one). Kafka: further broker settings. */
  readonly node?: number;
  readonly tls?: {
    readonly cert: string;
    readonly key: string;
    readonly ca?: string;
    readonly clientAuth?: string;
  };
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** Kafka, MongoDB: ports of proxies, one a node, by which clients come; Kafka's are led to the third port of a node. */
  readonly proxied?: readonly number[];
  /** ClickHouse: the cluster that it is a shard of; the ports for members of all shards, and its own. */
  readonly cluster?: {
    readonly name: string;
    readonly secret: string;
    readonly shards: readonly number[];
    readonly port: number;
  };
  /** S3: the host below which buckets have names. */
  readonly virtualHost?: string;
  /** Redis, S3: its password; Redis: further lines of its configuration. */
  readonly password?: string;
  readonly conf?: readonly string[];
}

export function startEngine(engine: EngineKind, options?: StartOptions): Promise<RunningEngine>;
