import { readFileSync } from 'node:fs';
import type { Settings } from '#app-config';
import type { KafkaConnection } from '#event-bus';

const HOUR_MS = 3_600_000;

/** The brokers that settings name, and how they are reached; undefined where there are none. */
export function kafkaConnection({ boot }: Settings): KafkaConnection | undefined {
  const { kafkaBrokers: brokers, kafkaTopicPrefix: prefix, kafkaReplicas: replicas } = boot;
  if (brokers === undefined) return undefined;
  const sasl = saslOf(boot);
  return {
    brokers,
    prefix,
    topic: {
      create: boot.kafkaCreateTopics,
      partitions: boot.kafkaPartitions,
      retentionMs: boot.kafkaRetentionHours * HOUR_MS,
      ...(replicas !== undefined && { replicas }),
    },
    ...(boot.kafkaTls && { tls: tlsOf(boot) }),
    ...(sasl && { sasl }),
  };
}

function tlsOf({ kafkaTlsCa: ca, kafkaTlsCert: cert, kafkaTlsKey: key }: Settings['boot']) {
  return {
    ...(ca !== undefined && { ca: readFileSync(ca, 'utf8') }),
    ...(cert !== undefined && { cert: readFileSync(cert, 'utf8') }),
    ...(key !== undefined && { key: readFileSync(key, 'utf8') }),
  };
}

function saslOf(boot: Settings['boot']): KafkaConnection['sasl'] {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = boot;
  if (mechanism === undefined || username === undefined || password === undefined) return undefined;
  return {
    mechanism: MECHANISMS[mechanism],
    username,
    password: () => password.reveal(),
  };
}

const MECHANISMS = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
} as const;
