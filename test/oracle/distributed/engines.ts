import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { GRANTS } from '../../../plugins/tier-clickhouse/server/grants.js';
import { clickhouse } from '../../../tools/engines/clickhouse.mjs';
import { freePorts } from '../../../tools/engines/free-ports.mjs';
import { startKafkaCluster } from '../../../tools/engines/kafka-cluster.mjs';
import { startMongoSet } from '../../../tools/engines/mongodb-set.mjs';
import { redis } from '../../../tools/engines/redis.mjs';
import { s3 } from '../../../tools/engines/s3.mjs';
import { startEngine, type EngineKind, type RunningEngine } from '../../../tools/engines/start-engine.mjs';
import { TcpProxy } from '../../support/tcp-proxy.js';

const NODES = 3;
/** Ports of a node of Kafka; clients come by the third. */
const KAFKA_PORTS = 3;
const CLICKHOUSE_USER = 'writer';

/** A process of an engine, and the proxy by which clients come to it. */
export class EngineNode {
  constructor(
    readonly name: string,
    private readonly engine: RunningEngine,
    readonly proxy: TcpProxy,
  ) {}

  get version(): string {
    return this.engine.version;
  }

  /** `kill -9`; connections are refused from then on. */
  async kill(): Promise<void> {
    await this.engine.end('SIGKILL');
    await this.proxy.close();
  }

  /** Ends it in order. */
  async end(): Promise<void> {
    await this.engine.end('SIGTERM');
    await this.proxy.close();
  }

  /** Starts it again on its data; resolves when it answers. */
  async start(): Promise<void> {
    // A member of a set knows itself by the address that the proxy has.
    await this.proxy.open();
    await this.engine.start();
  }

  /** Freezes it, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.engine.pid !== undefined) process.kill(this.engine.pid, signal);
  }
}

/** The engines of a distributed appliance: three brokers, a replica set of three, one of each other, each behind a proxy. */
export class DistributedEngines {
  readonly brokers: EngineNode[] = [];
  readonly mongodb: EngineNode[] = [];
  readonly clickhouse: EngineNode[] = [];
  readonly redis: EngineNode[] = [];
  readonly s3: EngineNode[] = [];
  private readonly proxies: TcpProxy[] = [];
  private readonly stops: (() => Promise<void>)[] = [];
  /** The settings that lead an appliance to them. */
  settings: Readonly<Record<string, string>> = {};

  private constructor(private readonly directory: string) {}

  /** @param directory gets their data and logs, and keeps them */
  static async start(directory: string): Promise<DistributedEngines> {
    const engines = new DistributedEngines(directory);
    try {
      const parts = [engines.startKafka(), engines.startMongodb(), engines.startServers()];
      const started = await Promise.allSettled(parts);
      const settings = started.map((part) => {
        if (part.status === 'rejected') throw part.reason;
        return part.value;
      });
      engines.settings = Object.assign({}, ...settings) as Record<string, string>;
      return engines;
    } catch (error) {
      await engines.stop();
      throw error;
    }
  }

  /** Every process of an engine. */
  get all(): readonly EngineNode[] {
    return [...this.brokers, ...this.mongodb, ...this.clickhouse, ...this.redis, ...this.s3];
  }

  /** Versions, for a report. */
  describe(): string {
    const names = [
      ['Kafka', this.brokers],
      ['MongoDB', this.mongodb],
      ['ClickHouse', this.clickhouse],
      ['Redis', this.redis],
      ['S3', this.s3],
    ] as const;
    return names.map(([name, nodes]) => `${name} ${nodes[0]?.version} × ${nodes.length}`).join(', ');
  }

  async stop(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
  }

  private async proxiesTo(targets: readonly number[]): Promise<TcpProxy[]> {
    const ports = await freePorts(targets.length);
    const proxies = await Promise.all(targets.map((target, nth) => TcpProxy.start(target, ports[nth] ?? 0)));
    this.proxies.push(...proxies);
    return proxies;
  }

  private async startKafka(): Promise<Record<string, string>> {
    const ports = await freePorts(NODES * KAFKA_PORTS);
    const proxies = await this.proxiesTo(ports.filter((_, nth) => nth % KAFKA_PORTS === 2));
    const proxied = proxies.map(({ port }) => port);
    const cluster = await startKafkaCluster({ directory: join(this.directory, 'kafka'), ports, proxied });
    this.stops.push(() => cluster.stop());
    this.brokers.push(...nodesOf('broker', cluster.nodes, proxies));
    return { ...cluster.variables, KAFKA_PARTITIONS: '4' };
  }

  private async startMongodb(): Promise<Record<string, string>> {
    const ports = await freePorts(NODES);
    const proxies = await this.proxiesTo(ports);
    const proxied = proxies.map(({ port }) => port);
    const set = await startMongoSet({ directory: join(this.directory, 'mongodb'), ports, proxied });
    this.stops.push(() => set.stop());
    this.mongodb.push(...nodesOf('mongodb', set.nodes, proxies));
    return { ...set.variables };
  }

  private async startServers(): Promise<Record<string, string>> {
    const password = randomBytes(12).toString('hex');
    const grants = GRANTS.map((grant) => `GRANT ${grant}`);
    const users = [{ name: CLICKHOUSE_USER, password, grants }];
    const [search, queue, store] = await Promise.all([
      this.startServer(clickhouse, this.clickhouse, { users }),
      this.startServer(redis, this.redis, { password }),
      this.startServer(s3, this.s3, { password }),
    ]);
    return { ...search, ...queue, ...store, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD: password };
  }

  /** @returns the engine's settings, with the proxy's port in place of its own */
  private async startServer(
    kind: EngineKind,
    nodes: EngineNode[],
    options: object,
  ): Promise<Record<string, string>> {
    const [port = 0] = await freePorts(1);
    const proxies = await this.proxiesTo([port]);
    const directory = join(this.directory, kind.name);
    const engine = await startEngine(kind, { ...options, directory, ports: [port] });
    this.stops.push(() => engine.stop());
    nodes.push(...nodesOf(kind.name, [engine], proxies));
    const there = (value: string): string => value.replace(`:${port}`, `:${proxies[0]?.port}`);
    return Object.fromEntries(
      Object.entries(engine.variables).map(([name, value]) => [name, there(String(value))]),
    );
  }
}

function nodesOf(
  name: string,
  engines: readonly RunningEngine[],
  proxies: readonly TcpProxy[],
): EngineNode[] {
  return proxies.flatMap((proxy, nth) => {
    const engine = engines[nth];
    const own = proxies.length === 1 ? name : `${name}-${nth + 1}`;
    return engine ? [new EngineNode(own, engine, proxy)] : [];
  });
}
