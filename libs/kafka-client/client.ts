import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import { useBoundedCodecs } from './codecs.js';

/** Milliseconds. */
const CONNECT_MS = 5_000;
const REQUEST_MS = 15_000;

/** Where brokers are, and how they are reached. */
export interface KafkaCluster {
  /** `host:port` of some brokers; the others are found by them. */
  readonly brokers: readonly string[];
  /** TLS, with what Node trusts or the authorities and the client's certificate that are given, as PEM. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: () => string;
  };
}

/** A client of a cluster. Its own log is off: whoever uses it tells what matters. */
export function createClient({ brokers, tls, sasl }: KafkaCluster, clientId: string): Kafka {
  useBoundedCodecs();
  return new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    logLevel: kafkajs.logLevel.NOTHING,
    // Whoever calls decides what to do about a failure: hidden tries made a dead coordinator hang for a minute.
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 1_000 },
    ...(tls && { ssl: { ...tls } }),
    ...(sasl && { sasl: saslOf(sasl) }),
  });
}

function saslOf({ mechanism, username, password }: NonNullable<KafkaCluster['sasl']>): SASLOptions {
  return { mechanism, username, password: password() } as SASLOptions;
}
