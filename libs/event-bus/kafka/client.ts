import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import { useBoundedCodecs } from './codecs.js';
import type { KafkaBusOptions } from './kafka-options.js';

/** Milliseconds. */
const CONNECT_MS = 5_000;
const REQUEST_MS = 15_000;

/** The client of a bus. Its own log is off: what matters is told as a fault or by {@link KafkaBusOptions.log}. */
export function createClient(options: KafkaBusOptions): Kafka {
  useBoundedCodecs();
  const { brokers, prefix, tls, sasl } = options;
  return new kafkajs.Kafka({
    clientId: prefix,
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

function saslOf({ mechanism, username, password }: NonNullable<KafkaBusOptions['sasl']>): SASLOptions {
  return { mechanism, username, password: password() } as SASLOptions;
}
